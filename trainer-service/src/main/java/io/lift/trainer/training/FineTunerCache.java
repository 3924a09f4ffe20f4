package io.lift.trainer.training;

import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * The fine-tunings that stay open between rounds, the least recently used given up first. One that
 * is exactly where a round goes on is used again; otherwise the round's parent is read from the
 * log. For the training thread only.
 */
final class FineTunerCache implements AutoCloseable {
  private static final Duration READ = Duration.ofSeconds(30);

  private final KafkaConnection kafka;
  private final FineTuner.Factory factory;
  private final int limit;
  private final LinkedHashMap<String, Open> open = new LinkedHashMap<>(16, 0.75f, true);

  private record Open(
      FineTuner tuner,
      PartitionAssignment ownership,
      long version,
      String language,
      TrainingPolicy training) {

    boolean fits(Round round) {
      return round.parent() != null
          && round.renewal() == null
          && ownership == round.ownership()
          && version == round.parent().version()
          && language.equals(round.language().hash())
          && training.equals(round.training());
    }
  }

  FineTunerCache(KafkaConnection kafka, FineTuner.Factory factory, int limit) {
    this.kafka = kafka;
    this.factory = factory;
    this.limit = limit;
  }

  /**
   * Takes out the fine-tuning that a round goes on with. Once its checkpoint is published, {@link
   * #keep} it; otherwise close it.
   *
   * @throws IOException if the parent's file cannot be read
   * @throws io.lift.checkpoint.InvalidCheckpointException if it cannot be used
   */
  FineTuner take(Round round) throws IOException {
    Open last = open.remove(round.task());
    if (last != null && last.fits(round)) {
      return last.tuner();
    }
    if (last != null) {
      last.tuner().close();
    }
    return factory.open(round.language(), round.training(), file(round));
  }

  private byte[] file(Round round) throws IOException {
    if (round.renewal() != null) {
      return round.renewal().file();
    }
    return round.parent() == null ? null : read(round.parent());
  }

  /** The file of a version. */
  byte[] read(CheckpointManifest version) throws IOException {
    return CheckpointFiles.read(kafka, version, READ);
  }

  void keep(Round round, FineTuner tuner) {
    open.put(
        round.task(),
        new Open(
            tuner, round.ownership(), round.version(), round.language().hash(), round.training()));
    Iterator<Open> eldest = open.values().iterator();
    while (open.size() > limit) {
      eldest.next().tuner().close();
      eldest.remove();
    }
  }

  /** Closes those whose partition is gone. */
  void closeLost() {
    open.values()
        .removeIf(
            last -> {
              boolean lost = last.ownership().lost();
              if (lost) {
                last.tuner().close();
              }
              return lost;
            });
  }

  @Override
  public void close() {
    open.values().forEach(last -> last.tuner().close());
    open.clear();
  }
}
