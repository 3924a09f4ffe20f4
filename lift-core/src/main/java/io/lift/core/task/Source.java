package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Source(String topic, Long from, String reading) {
  /** Read from the topic's first row. */
  public static final String EARLIEST = "earliest";

  /** Read from the rows that come from now on. */
  public static final String LATEST = "latest";

  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static Source of(
      @JsonProperty("topic") String topic,
      @JsonProperty("from") Long from,
      @JsonProperty("reading") String reading) {
    return new Source(topic, from, reading);
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

  /** e.g. {@code orders} or {@code orders from 2026-11-29T08:00:00Z}. */
  @Override
  public String toString() {
    return from == null ? topic : topic + " from " + Instant.ofEpochMilli(from);
  }
}
