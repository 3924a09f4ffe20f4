package io.lift.page.create;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TaskWriter;
import io.lift.page.live.LivePage;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/** Publishes and deletes tasks, and waits until the page knows. Thread-safe. */
public final class TaskPublisher {
  private static final Duration SHOWN_WITHIN = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 50;

  private final TaskWriter writer;
  private final LivePage page;

  /**
   * @param page shows a published task once it comes back from the topic
   */
  public TaskPublisher(KafkaConnection kafka, LivePage page) {
    this.writer = new TaskWriter(kafka);
    this.page = page;
  }

  /**
   * Publishes a version of a task and waits until the page shows it, for five seconds at most.
   *
   * @throws ExecutionException if Kafka does not take it
   */
  public void publish(TaskSpec task) throws InterruptedException, ExecutionException {
    writer.publish(task);
    await(
        () ->
            page.spec(task.name()).filter(shown -> shown.version() >= task.version()).isPresent());
  }

  /**
   * Deletes a task and waits until the page shows it no longer, for five seconds at most.
   *
   * @throws ExecutionException if Kafka does not take that
   */
  public void delete(String name) throws InterruptedException, ExecutionException {
    writer.delete(name);
    await(() -> page.spec(name).isEmpty());
  }

  private static void await(BooleanSupplier shown) throws InterruptedException {
    long deadline = System.nanoTime() + SHOWN_WITHIN.toNanos();
    while (!shown.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE_MILLIS);
    }
  }
}
