package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * A Kafka topic whose rows belong to a task. Each task reads its sources on its own, also if other
 * tasks read the same topic. In JSON the name of the topic alone is a source that is read from its
 * first row.
 *
 * @param topic name of the topic
 * @param from epoch milliseconds: the first row is the first one with this Kafka timestamp or a
 *     later one; null for the topic's first row
 * @param reading tells one reading of the topic from another. A source with a new one is read again
 *     from where {@code from} says; with the same one, reading goes on. May be null
 * @param format how records hold their rows; null for JSON
 * @param key where the id of a row is, as {@link SourceKey#parse} reads it; null for the task's
 *     {@link TaskSpec#keys()}, and for the JSON key of a change event
 * @param where conditions that a record must meet to be a row, as {@link RowCondition#parse} reads
 *     them
 * @param arrays what becomes of arrays; null to refuse them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Source(
    String topic,
    Long from,
    String reading,
    SourceFormat format,
    String key,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> where,
    ArrayRule arrays) {
  /** Read from the topic's first row. */
  public static final String EARLIEST = "earliest";

  /** Read from the rows that come from now on. */
  public static final String LATEST = "latest";

  public Source {
    where = where == null ? List.of() : List.copyOf(where);
  }

  /** A source of JSON. */
  public Source(String topic, Long from, String reading) {
    this(topic, from, reading, null, null, null, null);
  }

  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static Source of(
      @JsonProperty("topic") String topic,
      @JsonProperty("from") Long from,
      @JsonProperty("reading") String reading,
      @JsonProperty("format") SourceFormat format,
      @JsonProperty("key") String key,
      @JsonProperty("where") List<String> where,
      @JsonProperty("arrays") ArrayRule arrays) {
    return new Source(topic, from, reading, format, key, where, arrays);
  }

  /** A source that is read from its first row. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Source of(String topic) {
    return new Source(topic, null, null);
  }

  /**
   * A new reading of a topic.
   *
   * @param start {@value #EARLIEST}, {@value #LATEST}, or a moment such as {@code
   *     2026-11-29T08:00:00Z}
   * @param now epoch milliseconds
   * @throws IllegalArgumentException if {@code start} is nothing of these; the message is a
   *     sentence
   */
  public static Source read(String topic, String start, long now) {
    return new Source(topic, moment(start, now), Long.toString(now, Character.MAX_RADIX));
  }

  /** New readings of topics, from their first rows. */
  public static List<Source> read(List<String> topics, long now) {
    return topics.stream().map(topic -> read(topic, EARLIEST, now)).toList();
  }

  /**
   * The same reading of a topic whose records are read in this way.
   *
   * @param newFormat null for JSON
   * @param newKey null for the task's keys
   * @param newArrays null to refuse arrays
   */
  public Source as(
      SourceFormat newFormat, String newKey, List<String> newWhere, ArrayRule newArrays) {
    return new Source(topic, from, reading, newFormat, newKey, newWhere, newArrays);
  }

  /** The records of this source read as those of another one are. */
  public Source as(Source other) {
    return as(other.format, other.key, other.where, other.arrays);
  }

  /** The same reading of the topic without how its records are read. */
  public Source readingOnly() {
    return new Source(topic, from, reading);
  }

  /** How records hold their rows. */
  public SourceFormat formatOrJson() {
    return format == null ? SourceFormat.JSON : format;
  }

  /** Whether arrays are counted. */
  public boolean countsArrays() {
    return arrays == ArrayRule.COUNT;
  }

  /**
   * Where the id of a row is.
   *
   * @param keys what the keys of the task's rows are
   * @throws IllegalArgumentException with one sentence, if the key is not understood
   */
  public SourceKey keyOr(KeyType keys) {
    if (key != null) {
      return SourceKey.parse(key);
    }
    boolean json = format == SourceFormat.DEBEZIUM && keys == KeyType.TEXT;
    return json ? new SourceKey(SourceKey.Form.JSON, null) : SourceKey.of(keys);
  }

  /**
   * The conditions that a record must meet to be a row.
   *
   * @throws IllegalArgumentException with one sentence, if one is not understood
   */
  public List<RowCondition> conditions() {
    return where.stream().map(RowCondition::parse).toList();
  }

  private static Long moment(String start, long now) {
    if (start.equals(EARLIEST)) {
      return null;
    }
    if (start.equals(LATEST)) {
      return now;
    }
    try {
      return Instant.parse(start).toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "A start is earliest, latest or a moment such as 2026-11-29T08:00:00Z, not '"
              + start
              + "'");
    }
  }

  /** e.g. {@code orders} or {@code orders from 2026-11-29T08:00:00Z (debezium, op!=d)}. */
  @Override
  public String toString() {
    List<String> ways = new ArrayList<>();
    if (format != null) {
      ways.add(format.word());
    }
    if (key != null) {
      ways.add("key " + key);
    }
    ways.addAll(where);
    if (countsArrays()) {
      ways.add("arrays counted");
    }
    return topic
        + (from == null ? "" : " from " + Instant.ofEpochMilli(from))
        + (ways.isEmpty() ? "" : " (" + String.join(", ", ways) + ")");
  }
}
