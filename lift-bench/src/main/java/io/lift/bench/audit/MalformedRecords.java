package io.lift.bench.audit;

import io.lift.core.row.RejectReason;
import io.lift.messages.Headers;
import io.lift.messages.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records that cannot be used, of many kinds, each with the reasons that may be given for it. */
public final class MalformedRecords {
  // one array for all records of a kind
  private static final byte[] HEADER = new byte[100 * 1024];
  private static final byte[] MANY = new byte[10 * 1024 * 1024];
  private static final byte[] MOST = new byte[Topics.MAX_RECORD_BYTES - 2 * HEADER.length];
  private static final byte[] TOO_MANY = new byte[3 * Topics.MAX_RECORD_BYTES];
  private static final byte[] LONG_ID = new byte[Topics.MAX_RECORD_BYTES + 1];

  /**
   * A record and what may be said of it.
   *
   * @param kind a short name
   * @param record what to send
   * @param reasons any of these is right
   * @param size only a few of the large ones are sent
   */
  public record Malformed(
      String kind, ProducerRecord<String, byte[]> record, Set<RejectReason> reasons, Size size) {}

  /** How large a record is. */
  public enum Size {
    SMALL,
    LARGE,
    /** Larger than any topic's limit, unless it is compressed. */
    COMPRESSED
  }

  private final String topic;
  private final String task;

  /**
   * @param topic where rows are sent
   * @param task the task that most of the records name
   */
  public MalformedRecords(String topic, String task) {
    this.topic = topic;
    this.task = task;
  }

  /**
   * One record of each kind.
   *
   * @param good a row that would be accepted
   * @param n makes keys unique
   */
  public List<Malformed> of(byte[] good, int n) {
    List<Malformed> all = new ArrayList<>();
    String row = new String(good, StandardCharsets.UTF_8);
    add(all, n, "not JSON", "hello", RejectReason.INVALID_JSON);
    add(all, n, "cut off", row.substring(0, row.length() / 2), RejectReason.INVALID_JSON);
    add(all, n, "trailing garbage", row + "}", RejectReason.INVALID_JSON);
    add(all, n, "an array", "[1,2,3]", RejectReason.NOT_AN_OBJECT);
    add(all, n, "a word for a number", with(row, "\"rich\""), RejectReason.WRONG_TYPE);
    add(all, n, "true for a number", with(row, "true"), RejectReason.WRONG_TYPE);
    add(all, n, "a nested object", with(row, "{\"a\":1}"), RejectReason.NESTED_VALUE);
    add(all, n, "1e999", with(row, "1e999"), RejectReason.NOT_FINITE);
    add(all, n, "a duplicate field", with(row, "1,\"salary\":2"), RejectReason.DUPLICATE_FIELD);
    add(all, n, "an empty object", "{}", RejectReason.NO_FEATURES);
    add(
        all,
        n,
        "an infinity",
        with(row, "-Infinity"),
        RejectReason.NOT_FINITE,
        RejectReason.INVALID_JSON);
    add(
        all,
        n,
        "deep nesting",
        with(row, "[".repeat(50_000)),
        RejectReason.NESTED_VALUE,
        RejectReason.INVALID_JSON);
    add(
        all,
        n,
        "an unknown label",
        row.replaceFirst("\"group\":\"[^\"]*\"", "\"group\":\"Z\""),
        RejectReason.UNKNOWN_LABEL);
    all.add(of("invalid UTF-8", record(task, "m" + n, broken(good)), RejectReason.INVALID_UTF8));
    all.add(of("a null value", record(task, "m" + n, null), RejectReason.NULL_VALUE));
    all.add(of("a null key", record(task, null, good), RejectReason.NULL_KEY));
    all.add(of("an unknown task", record("nobody", "m" + n, good), RejectReason.UNKNOWN_TASK));
    all.add(of("no task", record(null, "m" + n, good), RejectReason.NO_TASK));
    ProducerRecord<String, byte[]> use = record(task, "m" + n, good);
    use.headers().add(Headers.USE, "sometimes".getBytes(StandardCharsets.UTF_8));
    all.add(of("an invalid header", use, RejectReason.INVALID_HEADER));
    String binary = "\0\0\0\0\0\0\0" + (char) ('A' + n % 26);
    all.add(of("a key of 8 bytes", record(task, binary, good), RejectReason.INVALID_UTF8));
    addEnvelopes(all, n, row);
    addLarge(all, n, good);
    return all;
  }

  private void addEnvelopes(List<Malformed> all, int n, String row) {
    add(all, n, "one column", "{\"salary\":1,\"type\":\"loan\"}", RejectReason.FEW_COLUMNS);
    add(
        all,
        n,
        "a change event of Debezium",
        "{\"before\":null,\"after\":%s,\"op\":\"c\"}".formatted(row),
        RejectReason.ENVELOPE);
    add(
        all,
        n,
        "Connect's JSON with a schema",
        "{\"schema\":{},\"payload\":%s}".formatted(row),
        RejectReason.ENVELOPE);
    add(
        all,
        n,
        "a CloudEvent",
        "{\"specversion\":\"1.0\",\"type\":\"loan\",\"data\":%s}".formatted(row),
        RejectReason.ENVELOPE);
  }

  private void addLarge(List<Malformed> all, int n, byte[] good) {
    ProducerRecord<String, byte[]> headed = record(task, "m" + n, MOST);
    headed.headers().add("traceparent", HEADER);
    ProducerRecord<String, byte[]> correlated = record(task, "m" + n, good);
    correlated.headers().add(Headers.CORRELATION_ID, LONG_ID);
    all.add(large("10 MB", record(task, "m" + n, MANY), Size.LARGE));
    all.add(large("16 MB with a header of 100 KB", headed, Size.LARGE));
    all.add(large("48 MB, compressed", record(task, "m" + n, TOO_MANY), Size.COMPRESSED));
    all.add(large("a correlation id of 16 MB, compressed", correlated, Size.COMPRESSED));
  }

  private void add(List<Malformed> all, int n, String kind, String json, RejectReason... reasons) {
    all.add(of(kind, record(task, "m" + n, json.getBytes(StandardCharsets.UTF_8)), reasons));
  }

  private static Malformed large(String kind, ProducerRecord<String, byte[]> record, Size size) {
    return new Malformed(kind, record, Set.of(RejectReason.TOO_LARGE), size);
  }

  private static Malformed of(
      String kind, ProducerRecord<String, byte[]> record, RejectReason... reasons) {
    return new Malformed(kind, record, Set.of(reasons), Size.SMALL);
  }

  private static String with(String row, String salary) {
    return row.replaceFirst("\"salary\":[^,}]*", "\"salary\":" + salary);
  }

  private static byte[] broken(byte[] good) {
    byte[] bytes = good.clone();
    bytes[bytes.length / 2] = (byte) 0xC3;
    bytes[bytes.length / 2 + 1] = (byte) 0x28;
    return bytes;
  }

  private ProducerRecord<String, byte[]> record(String task, String key, byte[] value) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    if (task != null) {
      record.headers().add(Headers.TASK, task.getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }
}
