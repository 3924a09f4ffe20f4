package io.lift.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** The progress of a loop whose thread tells of the batches that it reads and commits. */
public final class LoopProgress implements Progress {
  /**
   * The first record of a batch that is not done.
   *
   * @param nanos when it was read first, by {@link System#nanoTime}
   */
  private record Waiting(TopicPartition partition, long offset, long nanos) {}

  private final Duration limit;
  private final LongSupplier nanos;
  private final Set<TopicPartition> seen = ConcurrentHashMap.newKeySet();
  private volatile Consumer<TopicPartition> newPartition = partition -> {};
  private volatile Waiting waiting;

  /** Stuck after {@link #LIMIT}. */
  public LoopProgress() {
    this(LIMIT);
  }

  /**
   * @param limit how long records may be under way
   */
  public LoopProgress(Duration limit) {
    this(limit, System::nanoTime);
  }

  LoopProgress(Duration limit, LongSupplier nanos) {
    this.limit = limit;
    this.nanos = nanos;
  }

  @Override
  public void onPartition(Consumer<TopicPartition> newPartition) {
    this.newPartition = newPartition;
    seen.forEach(newPartition);
  }

  /** A batch was read. One that is read again after a failure waits since its first time. */
  public void read(ConsumerRecords<?, ?> batch) {
    if (waiting == null && !batch.isEmpty()) {
      TopicPartition partition = batch.partitions().iterator().next();
      waiting = new Waiting(partition, batch.records(partition).get(0).offset(), nanos.getAsLong());
      if (seen.add(partition)) {
        newPartition.accept(partition);
      }
    }
  }

  /** These partitions are no longer read here. */
  public void revoked(Collection<TopicPartition> partitions) {
    if (waiting != null && partitions.contains(waiting.partition())) {
      waiting = null;
    }
  }

  /** These partitions are read here now. A record of another one waits elsewhere. */
  public void assigned(Set<TopicPartition> partitions) {
    if (waiting != null && !partitions.contains(waiting.partition())) {
      waiting = null;
    }
  }

  /** Records were committed. What is left of their batch waits from now on. */
  public void committed() {
    waiting = null;
  }

  @Override
  public Optional<Stuck> stuck() {
    return Optional.ofNullable(waiting)
        .map(
            at ->
                new Stuck(
                    at.partition(), at.offset(), Duration.ofNanos(nanos.getAsLong() - at.nanos())))
        .filter(stuck -> stuck.waited().compareTo(limit) >= 0);
  }
}
