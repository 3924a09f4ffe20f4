package io.lift.trainer.round;

import io.lift.core.task.TrainingPolicy;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.publish.TaskTables;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.Predicate;

/**
 * The fine-tunings that stay open between rounds; of too many, the least recently used is closed. A
 * fine-tuning whose state is that of a round's parent is used again. Otherwise the parent's file is
 * read from the log. For the training thread only.
 */
public final class FineTunerCache implements AutoCloseable {
  private final TaskTables tables;
  private final FineTuner.Factory factory;
  private final int limit;
  private final LinkedHashMap<String, Open> open = new LinkedHashMap<>(16, 0.75f, true);

  private record Open(
      FineTuner fineTuner,
      PartitionAssignment partition,
      long version,
      String language,
      TrainingPolicy training) {

    boolean fits(Round round) {
      return round.parent() != null
          && round.retrained() == null
          && partition.equals(round.partition())
          && version == round.parent().version()
          && language.equals(round.language().hash())
          && training.equals(round.training());
    }
  }

  /**
   * @param limit how many stay open
   */
  public FineTunerCache(TaskTables tables, FineTuner.Factory factory, int limit) {
    this.tables = tables;
    this.factory = factory;
    this.limit = limit;
  }

  /**
   * Takes out the fine-tuning that a round continues. Once its checkpoint is published, {@link
   * #keep} it; otherwise close it.
   *
   * @throws IOException if the parent's file cannot be read
   * @throws io.lift.checkpoint.InvalidCheckpointException if it cannot be used
   */
  FineTuner take(Round round) throws IOException {
    Open last = open.remove(round.task());
    if (last != null && last.fits(round)) {
      return last.fineTuner();
    }
    if (last != null) {
      last.fineTuner().close();
    }
    return factory.open(round.language(), round.training(), file(round));
  }

  private byte[] file(Round round) throws IOException {
    if (round.retrained() != null) {
      return round.retrained().file();
    }
    return round.parent() == null ? null : tables.file(round.parent());
  }

  /** Keeps the fine-tuning of a round whose checkpoint is published. */
  void keep(Round round, FineTuner fineTuner) {
    open.put(
        round.task(),
        new Open(
            fineTuner,
            round.partition(),
            round.version(),
            round.language().hash(),
            round.training()));
    Iterator<Open> eldest = open.values().iterator();
    while (open.size() > limit) {
      eldest.next().fineTuner().close();
      eldest.remove();
    }
  }

  /** Closes the fine-tunings whose partition is no longer assigned. */
  public void retain(Predicate<PartitionAssignment> assigned) {
    open.values()
        .removeIf(
            last -> {
              boolean lost = !assigned.test(last.partition());
              if (lost) {
                last.fineTuner().close();
              }
              return lost;
            });
  }

  @Override
  public void close() {
    open.values().forEach(last -> last.fineTuner().close());
    open.clear();
  }
}
