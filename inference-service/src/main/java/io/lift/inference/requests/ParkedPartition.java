package io.lift.inference.requests;

import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The waiting requests of one partition of {@code lift.requests.parked}: those that were read and
 * are not done.
 *
 * <p>A consumer group's offset means that every record before it is done. But requests of many
 * tasks are mixed here and are done out of order. So the committed offset is that of the oldest
 * waiting request. The offsets beyond it that are done are a bit set in the commit's metadata (a
 * committed offset may carry 4 kB of text). After a crash or a rebalance, the next consumer of the
 * partition skips exactly those.
 */
final class ParkedPartition {
  /** How far beyond the committed offset requests can be done: 2 kB of bits, 2.7 kB of text. */
  static final int REACH = 16_384;

  private final NavigableMap<Long, Request> waiting = new TreeMap<>();
  private final NavigableSet<Long> done = new TreeSet<>(); // beyond the committed offset
  private long next; // the offset after the last one read
  private long bytes;

  /**
   * @param committed the group's committed offset; null if there is none
   */
  ParkedPartition(OffsetAndMetadata committed) {
    if (committed != null) {
      next = committed.offset();
      BitSet bits = BitSet.valueOf(Base64.getDecoder().decode(committed.metadata()));
      bits.stream().forEach(bit -> done.add(committed.offset() + bit));
    }
  }

  /** Adds a request that was read; false if it is done already. */
  boolean add(Request request) {
    long offset = request.record().offset();
    next = offset + 1;
    if (done.contains(offset)) {
      return false;
    }
    waiting.put(offset, request);
    bytes += size(request);
    return true;
  }

  /** Marks a record as done that is no request. */
  void pass(long offset) {
    next = offset + 1;
    if (offset - position() < REACH) {
      done.add(offset);
    }
    done.headSet(position()).clear();
  }

  /** The oldest waiting requests that match, at most {@code limit}. */
  List<Request> select(Predicate<Request> due, int limit) {
    List<Request> selected = new ArrayList<>();
    if (!waiting.isEmpty()) {
      for (Request request : waiting.headMap(waiting.firstKey() + REACH).values()) {
        if (selected.size() >= limit) {
          break;
        }
        if (due.test(request)) {
          selected.add(request);
        }
      }
    }
    return selected;
  }

  /** Marks a request as done. */
  void done(long offset) {
    Request request = waiting.remove(offset);
    if (request != null) {
      bytes -= size(request);
      done.add(offset);
      done.headSet(position()).clear();
    }
  }

  /** The offset to commit. */
  OffsetAndMetadata commit() {
    long position = position();
    BitSet bits = new BitSet();
    done.tailSet(position).forEach(offset -> bits.set((int) (offset - position)));
    return new OffsetAndMetadata(position, Base64.getEncoder().encodeToString(bits.toByteArray()));
  }

  /** Whether no more records should be read until some are done. */
  boolean full(long maxBytes) {
    return bytes >= maxBytes || next - position() >= REACH / 2;
  }

  Iterable<Request> waiting() {
    return waiting.values();
  }

  int size() {
    return waiting.size();
  }

  private long position() {
    Map.Entry<Long, Request> oldest = waiting.firstEntry();
    return oldest == null ? next : oldest.getKey();
  }

  private static long size(Request request) {
    return Math.max(0, request.record().serializedValueSize()) + 512L;
  }
}
