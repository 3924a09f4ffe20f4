package io.lift.trainer.openlineage;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.trainer.publish.CheckpointListener;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineageClient;
import io.openlineage.client.transports.HttpConfig;
import io.openlineage.client.transports.HttpTransport;
import io.openlineage.client.transports.HttpTransportResponseException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the events of checkpoints on a thread of its own. Training never waits for it: while the
 * catalogue does not answer, a bounded number of events waits, and the oldest are dropped.
 */
public final class LineageSender implements CheckpointListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LineageSender.class);
  private static final int MOST_WAITING = 1_000;
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;
  private static final int TOO_MANY_REQUESTS = 429;

  private final CheckpointRun runs;
  private final OpenLineageClient client;
  private final URI url;
  private final Duration pause;
  private final BlockingQueue<RunEvent> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread = new Thread(this::run, "lift-openlineage");
  private volatile boolean closed;
  private boolean failing;

  /**
   * How the catalogue is reached.
   *
   * @param url its address, without the path of the endpoint
   * @param namespace namespace of the jobs
   * @param apiKey sent as a bearer token; null for none
   * @param timeout how long one call may take
   * @param pause between the attempts at an event
   */
  public record Settings(
      URI url, String namespace, String apiKey, Duration timeout, Duration pause) {}

  public LineageSender(Settings settings, KafkaConnection kafka) {
    url = settings.url();
    pause = settings.pause();
    String bootstrap = String.valueOf(kafka.settings().get("bootstrap.servers"));
    runs = new CheckpointRun(settings.namespace(), bootstrap, kafka.topics());
    HttpConfig http = new HttpConfig();
    http.setUrl(url);
    http.setTimeoutInMillis((int) settings.timeout().toMillis());
    if (settings.apiKey() != null) {
      http.setHeaders(Map.of("Authorization", "Bearer " + settings.apiKey()));
    }
    client = OpenLineageClient.builder().transport(new HttpTransport(http)).build();
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void published(TaskSpec task, CheckpointManifest made) {
    for (RunEvent event : runs.events(task, made)) {
      while (!waiting.offer(event)) {
        waiting.poll();
      }
    }
  }

  private void run() {
    try {
      while (!closed) {
        RunEvent event = waiting.take();
        while (!deliver(event)) {
          Thread.sleep(pause.toMillis());
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  /** Whether the event is done with: delivered, or refused for good. */
  private boolean deliver(RunEvent event) {
    try {
      client.emit(event);
      failing = false;
      return true;
    } catch (HttpTransportResponseException e) {
      int status = e.getStatusCode();
      boolean refused =
          status >= CLIENT_ERROR && status < SERVER_ERROR && status != TOO_MANY_REQUESTS;
      warn(refused ? "is refused" : "is not taken", "status " + status);
      return refused;
    } catch (RuntimeException e) {
      warn("cannot be sent", String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Once for each outage: training goes on whatever happens here. */
  private void warn(String what, String why) {
    if (!failing && !closed) {
      LOG.warn("an event of OpenLineage {} at {}: {}; training goes on", what, url, why);
    }
    failing = true;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      client.close();
    } catch (Exception e) {
      LOG.debug("the client of OpenLineage did not close", e);
    }
  }
}
