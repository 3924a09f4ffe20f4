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
 * Sends changes to all open pages, four times a second. Nothing is buffered for a page that does
 * not read. It is skipped while its last events are being sent, and dropped after a timeout.
 */
public final class Broadcast implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broadcast.class);
  private static final long EVERY_MILLIS = 250;
  private static final int MAX_PAGES = 200;

  private final LivePage page;
  private final Duration unreadTimeout;
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
    /** Whether everything sent before has been taken. */
    boolean ready();

    void send(String event, byte[] json);

    /** Ends it. */
    void drop();
  }

  private static final class Client {
    final Connection connection;
    final PageSession session;
    long stuckSince;

    Client(Connection connection, PageSession session) {
      this.connection = connection;
      this.session = session;
    }
  }

  /**
   * @param unreadTimeout how long a page may leave events unread before it is dropped
   */
  public Broadcast(LivePage page, Duration unreadTimeout) {
    this.page = page;
    this.unreadTimeout = unreadTimeout;
  }

  public void start() {
    clock.scheduleWithFixedDelay(this::sendAll, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Starts to send changes to a page.
   *
   * @param task the task that it shows, or null
   * @return false if there are too many pages
   */
  public boolean open(Connection connection, String task) {
    if (clients.size() >= MAX_PAGES) {
      return false;
    }
    clients.add(new Client(connection, new PageSession(page, task)));
    clock.execute(this::sendAll); // the first events at once
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

  private void sendAll() {
    long now = System.currentTimeMillis();
    for (Client client : clients) {
      try {
        send(client, now);
      } catch (RuntimeException e) {
        LOG.debug("a page is dropped", e);
        drop(client);
      }
    }
  }

  private void send(Client client, long now) {
    if (client.connection.ready()) {
      client.stuckSince = 0;
      for (PageSession.Event event : client.session.events(now)) {
        client.connection.send(event.name(), event.json());
      }
    } else if (client.stuckSince == 0) {
      client.stuckSince = now;
    } else if (now - client.stuckSince > unreadTimeout.toMillis()) {
      LOG.debug("a page has not read for {}", unreadTimeout);
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
