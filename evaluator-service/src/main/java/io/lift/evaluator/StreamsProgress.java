package io.lift.evaluator;

import io.lift.kafka.Progress;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * The progress of Kafka Streams: records that its consumer has read are to be committed in time.
 * The consumer's {@link ReadRecords} tells what it reads.
 */
final class StreamsProgress implements Progress {

  /**
   * The records of a partition that were read and are not committed.
   *
   * @param first offset of the first one
   * @param last offset of the last one
   * @param nanos when the first was read, or when the one before it was committed
   */
  private record Waiting(long first, long last, long nanos) {}

  private final Supplier<Map<TopicPartition, Long>> committed;
  private final LongSupplier nanos;
  private final Map<TopicPartition, Waiting> waiting = new ConcurrentHashMap<>();
  private final Set<TopicPartition> seen = ConcurrentHashMap.newKeySet();
  private volatile Consumer<TopicPartition> newPartition = partition -> {};

  /**
   * @param committed the committed offset of each partition that is read here, −1 where none is
   *     known; empty while the streams do not run, when nothing new is known
   */
  StreamsProgress(Supplier<Map<TopicPartition, Long>> committed) {
    this(committed, System::nanoTime);
  }

  StreamsProgress(Supplier<Map<TopicPartition, Long>> committed, LongSupplier nanos) {
    this.committed = committed;
    this.nanos = nanos;
  }

  /** Records of a partition were read. */
  void read(TopicPartition partition, long first, long last) {
    waiting.compute(
        partition,
        (p, before) ->
            before == null
                ? new Waiting(first, last, nanos.getAsLong())
                : new Waiting(before.first(), Math.max(last, before.last()), before.nanos()));
    if (seen.add(partition)) {
      newPartition.accept(partition);
    }
  }

  @Override
  public void onPartition(Consumer<TopicPartition> newPartition) {
    this.newPartition = newPartition;
    seen.forEach(newPartition);
  }

  @Override
  public Optional<Stuck> stuck() {
    Map<TopicPartition, Long> known = committed.get();
    if (!known.isEmpty()) {
      waiting.keySet().retainAll(known.keySet()); // the others are read elsewhere now
      known.forEach(this::committed);
    }
    long now = nanos.getAsLong();
    return waiting.entrySet().stream()
        .map(
            entry ->
                new Stuck(
                    entry.getKey(),
                    entry.getValue().first(),
                    Duration.ofNanos(now - entry.getValue().nanos())))
        .filter(stuck -> stuck.waited().compareTo(LIMIT) >= 0)
        .max(Comparator.comparing(Stuck::waited));
  }

  private void committed(TopicPartition partition, long offset) {
    waiting.computeIfPresent(
        partition,
        (p, before) -> {
          if (offset > before.last()) {
            return null;
          }
          return offset > before.first()
              ? new Waiting(offset, before.last(), nanos.getAsLong())
              : before;
        });
  }
}
