package io.lift.inference;

import io.lift.core.task.Sink;
import io.lift.core.task.TaskSpec;
import io.lift.formats.sink.WriterState;
import io.lift.inference.requests.Sinks;
import io.lift.kafka.EventLog;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.EventMessage;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/** Says on {@code lift.events} that predictions do not go to their task's own topic. */
@Singleton
public class SinkEvents {
  private static final Logger LOG = Logger.getLogger(SinkEvents.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final KafkaConnection kafka;
  private EventLog log; // made at the first event: most services have none

  SinkEvents(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  /**
   * A schema was refused.
   *
   * @param tasks all tasks by name, of which those with the sink are told of
   */
  void refused(Map<String, TaskSpec> tasks, Sink sink, WriterState.Refused refused) {
    tasks.forEach(
        (name, task) -> {
          if (sink.equals(task.sink())) {
            write(
                EventMessage.unsent(name, System.currentTimeMillis(), Sinks.unsent(name, refused)));
          }
        });
  }

  private synchronized void write(EventMessage event) {
    if (log == null) {
      log = new EventLog(kafka, TIMEOUT);
    }
    try {
      log.write(event);
    } catch (ExecutionException e) {
      LOG.warnf("not recorded on lift.events: %s", e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void close() {
    if (log != null) {
      log.close();
    }
  }
}
