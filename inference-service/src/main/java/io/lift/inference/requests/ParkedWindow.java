package io.lift.inference.requests;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The parked requests of this replica's partitions, held in memory until they can be answered.
 *
 * <p>A request is parked once: its record moves from {@code lift.requests} to {@code
 * lift.requests.parked} in one transaction. The owner of the partition reads it, keeps it here
 * uncommitted, and answers it as soon as its task has a model or its deadline has passed; what is
 * done out of order is remembered in the committed offset's metadata, see {@link ParkedPartition}.
 * So nothing is written while nothing can be answered: there is no busy loop, requests of one task
 * never stand in the way of another's, and a restart or rebalance continues from the commit.
 *
 * <p>Only if a partition holds more waiting requests than the window reaches (8,192 offsets, or the
 * byte limit) and more lie behind them does the head of the line move to its end ({@link #rotate}),
 * a batch at a time at a bounded pace, so that every request is looked at in the end.
 *
 * <p>Used by the loop's thread; only {@link #count} may be called by others.
 */
public final class ParkedWindow {

  /** Whether requests of a task's version could be answered now. */
  @FunctionalInterface
  public interface Readiness {
    boolean ready(String task, int version);
  }

  private record Group(String task, int version) {
    static Group of(Request request) {
      return new Group(request.message().task(), request.message().taskVersion());
    }
  }

  private final long maxBytes; // per partition
  private final BiConsumer<String, IntSupplier> firstWaits;
  private final Map<TopicPartition, ParkedPartition> partitions = new HashMap<>();
  private final Map<Group, Integer> groups = new HashMap<>();
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private long earliestDeadline = Long.MAX_VALUE;

  /**
   * @param maxBytes bytes of waiting requests in memory per partition, before it is paused
   * @param firstWaits told of each task when the first request of it waits, with its count from
   *     then on
   */
  public ParkedWindow(long maxBytes, BiConsumer<String, IntSupplier> firstWaits) {
    this.maxBytes = maxBytes;
    this.firstWaits = firstWaits;
  }

  /** A partition is ours from now on, or is read again from its committed offset. */
  public void assign(TopicPartition partition, OffsetAndMetadata committed) {
    revoke(List.of(partition));
    partitions.put(partition, new ParkedPartition(committed));
  }

  /** Partitions are another's from now on. */
  public void revoke(Collection<TopicPartition> revoked) {
    for (TopicPartition partition : revoked) {
      ParkedPartition gone = partitions.remove(partition);
      if (gone != null) {
        gone.waiting().forEach(request -> count(request, -1));
      }
    }
  }

  /** A request was read. */
  public void add(Request request) {
    if (of(request.topicPartition()).add(request)) {
      count(request, 1);
      earliestDeadline = Math.min(earliestDeadline, request.deadline());
    }
  }

  /** A record was read that is no request. */
  public void pass(TopicPartition partition, long offset) {
    of(partition).pass(offset);
  }

  /** Requests that can be answered or have expired, at most {@code limit}; they stay until done. */
  public List<Request> due(Readiness readiness, long now, int limit) {
    Set<Group> ready = new HashSet<>();
    groups.keySet().stream()
        .filter(group -> readiness.ready(group.task, group.version))
        .forEach(ready::add);
    if (ready.isEmpty() && now <= earliestDeadline) {
      return List.of();
    }
    Predicate<Request> due = request -> request.expired(now) || ready.contains(Group.of(request));
    List<Request> selected = new ArrayList<>();
    // every partition gets its share of the batch
    int share = Math.max(1, limit / Math.max(1, partitions.size()));
    partitions.values().forEach(partition -> selected.addAll(partition.select(due, share)));
    if (selected.isEmpty()) {
      earliestDeadline = nextDeadline(now);
    }
    return selected;
  }

  /**
   * The oldest waiting requests of a full partition behind which more lie: to be parked anew at the
   * end.
   *
   * @param behind whether a partition holds records that have not been read
   */
  public List<Request> rotate(Predicate<TopicPartition> behind, int limit) {
    List<Request> oldest = new ArrayList<>();
    partitions.forEach(
        (name, partition) -> {
          if (partition.full(maxBytes) && behind.test(name)) {
            oldest.addAll(partition.select(request -> true, limit));
          }
        });
    return oldest;
  }

  /** The request is answered or moved, once the transaction that says so commits. */
  public void done(Request request) {
    of(request.topicPartition()).done(request.record().offset());
    count(request, -1);
  }

  /** What to commit for a partition. */
  public OffsetAndMetadata commit(TopicPartition partition) {
    return of(partition).commit();
  }

  /** Partitions of which no more should be read now. */
  public Set<TopicPartition> full() {
    Set<TopicPartition> full = new HashSet<>();
    partitions.forEach(
        (name, partition) -> {
          if (partition.full(maxBytes)) {
            full.add(name);
          }
        });
    return full;
  }

  public boolean isEmpty() {
    return groups.isEmpty();
  }

  /** Waiting requests of a task. Thread-safe. */
  public int count(String task) {
    return counts.getOrDefault(task, 0);
  }

  private ParkedPartition of(TopicPartition partition) {
    return partitions.computeIfAbsent(partition, name -> new ParkedPartition(null));
  }

  private long nextDeadline(long now) {
    long next = Long.MAX_VALUE;
    for (ParkedPartition partition : partitions.values()) {
      for (Request request : partition.waiting()) {
        // one that has passed but lies beyond reach comes up when the head of its line is done
        if (!request.expired(now)) {
          next = Math.min(next, request.deadline());
        }
      }
    }
    return next;
  }

  private void count(Request request, int change) {
    groups.merge(Group.of(request), change, (a, b) -> a + b == 0 ? null : a + b);
    String task = request.message().task();
    if (counts.merge(task, change, Integer::sum) == change) {
      firstWaits.accept(task, () -> count(task));
    }
  }
}
