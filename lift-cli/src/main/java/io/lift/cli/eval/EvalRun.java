package io.lift.cli.eval;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowGeneration;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.kafka.TopicTail;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.core.row.CategoryWords;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * One evaluation through Kafka and the four services. The training rows are sent first, if there
 * are any. When one checkpoint was trained on them all, the calibration rows are sent with their
 * targets, if there are any, and then the test rows without theirs.
 */
final class EvalRun {
  /** How long to wait for an answer. */
  static final Duration NO_ANSWER = Duration.ofSeconds(120);

  private final ConnectionSettings kafka;
  private final TaskSpec task;
  private final EvalData data;
  private final Terminal terminal;
  private final BooleanSupplier stopped;
  private final Optional<Home> shared;

  /**
   * @param stopped whether the user has stopped the command
   * @param shared where an evaluation on a stack that others use notes its task
   */
  EvalRun(
      ConnectionSettings kafka,
      TaskSpec task,
      EvalData data,
      Terminal terminal,
      BooleanSupplier stopped,
      Optional<Home> shared) {
    this.kafka = kafka;
    this.task = task;
    this.data = data;
    this.terminal = terminal;
    this.stopped = stopped;
    this.shared = shared;
  }

  EvalOutcome run() throws InterruptedException {
    return afterTraining(
        (sender, rejected, version, seconds) ->
            new EvalTestRows(kafka, task, data, terminal, this::checkStopped)
                .run(sender, rejected, version, seconds));
  }

  /**
   * Generates rows in place of a test: as many as were trained on, each label as often, from the
   * checkpoint that was trained on them.
   */
  RowGeneration.Outcome generate() throws InterruptedException {
    return afterTraining((sender, rejected, version, seconds) -> sample());
  }

  /** A task that is deleted at the end. */
  private interface Published extends AutoCloseable {
    @Override
    void close();
  }

  /** What comes after the training. */
  @FunctionalInterface
  private interface Then<T> {
    T go(RowSender sender, TopicTail<byte[]> rejected, long version, double trainSeconds)
        throws InterruptedException;
  }

  private <T> T afterTraining(Then<T> then) throws InterruptedException {
    try (TaskRegistry tasks = new TaskRegistry(kafka);
        Published published = publish(tasks);
        TopicTail<byte[]> rejected = TopicTail.deadLetters(kafka, task.name());
        RowSender sender = new RowSender(kafka, task.name())) {
      long started = System.nanoTime();
      long version =
          data.train().isEmpty()
              ? 0
              : new EvalTraining(kafka, task, data, terminal, this::checkStopped)
                  .run(sender, rejected)
                  .version();
      return then.go(sender, rejected, version, seconds(started));
    }
  }

  /** Publishes the task; what is returned deletes it. A stack of one's own ends with its tasks. */
  private Published publish(TaskRegistry tasks) throws InterruptedException {
    if (shared.isPresent()) {
      return EvalTask.publish(shared.get(), kafka.bootstrap(), tasks, task)::close;
    }
    tasks.create(task);
    return () -> {};
  }

  private RowGeneration.Outcome sample() throws InterruptedException {
    int count = data.train().size();
    try (RowGeneration generation = new RowGeneration(kafka, task.name());
        ProgressBar bar = new ProgressBar(terminal, "generate", "rows", count)) {
      if (task.type() == TaskType.REGRESSION) {
        generation.request(count, Map.of(), 1, 0);
      } else {
        Map<String, Integer> labels = new TreeMap<>();
        CategoryWords words = new CategoryWords(task.labels());
        data.train()
            .forEach(row -> labels.merge(words.find(row.get(data.target())), 1, Integer::sum));
        int seed = 0;
        for (var label : labels.entrySet()) {
          seed += count; // every request has a seed of its own
          generation.request(label.getValue(), Map.of(data.target(), label.getKey()), 1, seed);
        }
      }
      return generation.collect(NO_ANSWER, bar);
    }
  }

  private void checkStopped() {
    if (stopped.getAsBoolean()) {
      throw new CliException("Stopped.");
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
