package io.lift.page.live;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all open pages what is new, four times a second. Nothing is kept for a page that does not
 * read: it is passed over while its last events are on their way, and dropped if that lasts.
 */
public final class Broadcast implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broadcast.class);
  private static final long EVERY_MILLIS = 250;
  private static final int MOST_PAGES = 200;

  private final LivePage page;
  private final Duration patience;
  private final List<Client> clients = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "page-broadcast");
            thread.setDaemon(true);
            return thread;
          });

  /** The connection to an open page. */
  public interface Connection {
    /** Whether everything sent before has left. */
    boolean ready();

    void send(String event, byte[] json);

    /** Ends it. */
    void drop();
  }

  private static final class Client {
    final Connection connection;
    final PageSession watcher;
    long stuckSince;

    Client(Connection connection, PageSession watcher) {
      this.connection = connection;
      this.watcher = watcher;
    }
  }

  /**
   * @param patience how long a page may leave events unread before it is dropped
   */
  public Broadcast(LivePage page, Duration patience) {
    this.page = page;
    this.patience = patience;
  }

  public void start() {
    clock.scheduleWithFixedDelay(this::tellAll, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Begins to tell a page what happens.
   *
   * @param task the task that it shows, or null
   * @return false if there are too many pages
   */
  public boolean open(Connection connection, String task) {
    if (clients.size() >= MOST_PAGES) {
      return false;
    }
    clients.add(new Client(connection, new PageSession(page, task)));
    clock.execute(this::tellAll); // the first events at once
    return true;
  }

  /** The page is gone. */
  public void closed(Connection connection) {
    clients.removeIf(client -> client.connection == connection);
  }

  /** How many pages are open. */
  public int pages() {
    return clients.size();
  }

  private void tellAll() {
    long now = System.currentTimeMillis();
    for (Client client : clients) {
      try {
        tell(client, now);
      } catch (RuntimeException e) {
        LOG.debug("a page is dropped", e);
        drop(client);
      }
    }
  }

  private void tell(Client client, long now) {
    if (client.connection.ready()) {
      client.stuckSince = 0;
      for (PageSession.Event event : client.watcher.look(now)) {
        client.connection.send(event.name(), event.json());
      }
    } else if (client.stuckSince == 0) {
      client.stuckSince = now;
    } else if (now - client.stuckSince > patience.toMillis()) {
      LOG.debug("a page has not read for {}", patience);
      drop(client);
    }
  }

  private void drop(Client client) {
    clients.remove(client);
    client.connection.drop();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    clients.forEach(this::drop);
  }
}
