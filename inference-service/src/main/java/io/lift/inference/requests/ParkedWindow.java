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
 * The parked requests of this replica's partitions, in memory until they can be answered.
 *
 * <p>A request is parked once: its record moves from {@code lift.requests} to {@code
 * lift.requests.parked} in one transaction. The consumer of that partition reads it, keeps it here
 * uncommitted, and answers it when its task has a model, and a known way to write its predictions,
 * or its deadline has passed. A request whose answer is to be explained waits here too, until
 * {@link DeferredAnswers} has made it. Requests that are done out of order are recorded in the
 * committed offset's metadata, see {@link ParkedPartition}. So nothing is written while nothing can
 * be answered, requests of one task do not delay those of another, and a restart or rebalance
 * continues from the commit.
 *
 * <p>A partition can hold more waiting requests than the window (8,192 offsets, or the byte limit).
 * Then the oldest requests are written again at its end, one batch at a time and at a bounded rate
 * ({@link #rotate}), so that every request is examined in the end.
 *
 * <p>Used by the loop's thread; only {@link #count} may be called from other threads.
 */
public final class ParkedWindow {

  /** Whether requests could be answered now. */
  @FunctionalInterface
  public interface Readiness {
    /**
     * @param version of the task
     * @param replyOnly whether the answers go to reply topics only
     */
    boolean ready(String task, int version, boolean replyOnly);
  }

  private record Group(String task, int version, boolean replyOnly) {
    static Group of(Request request) {
      return new Group(
          request.message().task(), request.message().taskVersion(), request.replyOnly());
    }
  }

  private final long maxBytes; // per partition
  private final BiConsumer<String, IntSupplier> firstWaits;
  private final DeferredAnswers deferred;
  private final Map<TopicPartition, ParkedPartition> partitions = new HashMap<>();
  private final Map<Group, Integer> groups = new HashMap<>();
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private long earliestDeadline = Long.MAX_VALUE;

  /**
   * @param maxBytes bytes of waiting requests in memory per partition, before it is paused
   * @param firstWaits called when the first request of a task waits, with the task and a supplier
   *     of its waiting requests
   * @param deferred makes the answers that take long; they are due when they are made
   */
  public ParkedWindow(
      long maxBytes, BiConsumer<String, IntSupplier> firstWaits, DeferredAnswers deferred) {
    this.maxBytes = maxBytes;
    this.firstWaits = firstWaits;
    this.deferred = deferred;
  }

  /** A partition was assigned, or is read again from its committed offset. */
  public void assign(TopicPartition partition, OffsetAndMetadata committed) {
    revoke(List.of(partition));
    partitions.put(partition, new ParkedPartition(committed));
  }

  /** Partitions were revoked. */
  public void revoke(Collection<TopicPartition> revoked) {
    for (TopicPartition partition : revoked) {
      ParkedPartition gone = partitions.remove(partition);
      if (gone != null) {
        gone.waiting()
            .forEach(
                request -> {
                  count(request, -1);
                  deferred.forget(request);
                });
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
        .filter(group -> readiness.ready(group.task, group.version, group.replyOnly))
        .forEach(ready::add);
    if (ready.isEmpty() && now <= earliestDeadline) {
      return List.of();
    }
    Predicate<Request> due =
        request ->
            request.expired(now)
                || ready.contains(Group.of(request))
                    && (!request.explained() || deferred.ready(request));
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
   * The oldest waiting requests of full partitions with unread records, to be parked again at the
   * end.
   *
   * @param behind whether a partition has unread records
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

  /** The request is answered or parked again in the transaction that is committed next. */
  public void done(Request request) {
    of(request.topicPartition()).done(request.record().offset());
    count(request, -1);
    deferred.forget(request);
  }

  /** The offset to commit for a partition. */
  public OffsetAndMetadata commit(TopicPartition partition) {
    return of(partition).commit();
  }

  /** Partitions that should not be read further now. */
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
        // an expired request beyond the reach is selected once older requests are done
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
