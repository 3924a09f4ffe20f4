package io.lift.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Whether a service gets on with the records that it has read. Any thread may ask. */
public interface Progress {
  /** How long records may be under way before their reader counts as stuck. */
  Duration LIMIT = Duration.ofSeconds(25);

  /** Key of the place in the data of a readiness check; {@code lift status} reads it there. */
  String PLACE = "stuck";

  /** Key of a sentence there that people should read, whether the check is up or down. */
  String NOTE = "note";

  /** Where the reader is stuck; empty while it gets on. */
  Optional<Stuck> stuck();

  /**
   * @param newPartition called once for each partition at whose records the reader has been
   */
  void onPartition(Consumer<TopicPartition> newPartition);

  /**
   * Where a reader is stuck.
   *
   * @param offset of the first record that waits
   * @param waited since it was read first
   */
  record Stuck(TopicPartition partition, long offset, Duration waited) {
    /** {@code stuck at topic-partition@offset for N s}. */
    @Override
    public String toString() {
      return "stuck at %s@%d for %d s".formatted(partition, offset, waited.toSeconds());
    }
  }
}
