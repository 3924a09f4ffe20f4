package io.lift.evaluator.scoring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * When the rows of a store expire: a store of (8 bytes of expiry time, key of the row) → nothing. A
 * row that expires later after all has several moments; its owner takes the last one alone.
 */
final class Timeline {
  /** Rows expired at once, so that a jump in event time does not outlast a transaction. */
  private static final int MAX_AT_ONCE = 20_000;

  private final KeyValueStore<Bytes, byte[]> store;

  Timeline(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** Sets a moment for a row. */
  void add(long time, String key) {
    store.put(moment(time, key), new byte[0]);
  }

  /** Takes the moments up to a time, oldest first. */
  void expire(long now, ObjLongConsumer<String> row) {
    try (KeyValueIterator<Bytes, byte[]> due = store.range(moment(0, ""), moment(now + 1, ""))) {
      for (int i = 0; i < MAX_AT_ONCE && due.hasNext(); i++) {
        Bytes moment = due.next().key;
        store.delete(moment);
        row.accept(key(moment), time(moment));
      }
    }
  }

  private static Bytes moment(long time, String key) {
    byte[] text = key.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(ByteBuffer.allocate(8 + text.length).putLong(time).put(text).array());
  }

  private static long time(Bytes moment) {
    return ByteBuffer.wrap(moment.get()).getLong();
  }

  private static String key(Bytes moment) {
    byte[] bytes = moment.get();
    return new String(bytes, 8, bytes.length - 8, StandardCharsets.UTF_8);
  }
}
