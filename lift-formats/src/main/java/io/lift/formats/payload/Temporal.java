package io.lift.formats.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lift.core.table.DeclaredField;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * Dates and times that are stored as numbers. A date becomes a date of ISO 8601, and so does a
 * moment. A time of day becomes its hours, because a row has dates and numbers: half past eight is
 * 8.5.
 */
public enum Temporal {
  DAYS(Kind.DATE, 0),
  MILLIS_OF_DAY(Kind.TIME, 1_000),
  MICROS_OF_DAY(Kind.TIME, 1_000_000),
  NANOS_OF_DAY(Kind.TIME, 1_000_000_000),
  MILLIS(Kind.MOMENT, 1_000),
  MICROS(Kind.MOMENT, 1_000_000),
  NANOS(Kind.MOMENT, 1_000_000_000),
  LOCAL_MILLIS(Kind.LOCAL, 1_000),
  LOCAL_MICROS(Kind.LOCAL, 1_000_000),
  LOCAL_NANOS(Kind.LOCAL, 1_000_000_000);

  private enum Kind {
    DATE,
    TIME,
    /** In UTC. */
    MOMENT,
    /** In no time zone. */
    LOCAL
  }

  private static final int NANOS_OF_SECOND = 1_000_000_000;
  private static final double SECONDS_OF_HOUR = 3600;

  /** By the names of Debezium, of Kafka Connect and of Avro. */
  private static final Map<String, Temporal> NAMES =
      Map.ofEntries(
          Map.entry("io.debezium.time.Date", DAYS),
          Map.entry("io.debezium.time.Time", MILLIS_OF_DAY),
          Map.entry("io.debezium.time.MicroTime", MICROS_OF_DAY),
          Map.entry("io.debezium.time.NanoTime", NANOS_OF_DAY),
          Map.entry("io.debezium.time.Timestamp", LOCAL_MILLIS),
          Map.entry("io.debezium.time.MicroTimestamp", LOCAL_MICROS),
          Map.entry("io.debezium.time.NanoTimestamp", LOCAL_NANOS),
          Map.entry("org.apache.kafka.connect.data.Date", DAYS),
          Map.entry("org.apache.kafka.connect.data.Time", MILLIS_OF_DAY),
          Map.entry("org.apache.kafka.connect.data.Timestamp", MILLIS),
          Map.entry("date", DAYS),
          Map.entry("time-millis", MILLIS_OF_DAY),
          Map.entry("time-micros", MICROS_OF_DAY),
          Map.entry("timestamp-millis", MILLIS),
          Map.entry("timestamp-micros", MICROS),
          Map.entry("timestamp-nanos", NANOS),
          Map.entry("local-timestamp-millis", LOCAL_MILLIS),
          Map.entry("local-timestamp-micros", LOCAL_MICROS),
          Map.entry("local-timestamp-nanos", LOCAL_NANOS));

  private final Kind kind;
  private final long perSecond;

  Temporal(Kind kind, long perSecond) {
    this.kind = kind;
    this.perSecond = perSecond;
  }

  /**
   * The type of that name.
   *
   * @param name may be null
   * @return null if the name is not one of a date or time in a number
   */
  public static Temporal named(String name) {
    return name == null ? null : NAMES.get(name);
  }

  /** How a column of such values is read. */
  public DeclaredField declared() {
    return kind == Kind.TIME ? DeclaredField.NUMBER : DeclaredField.DATE;
  }

  /** A stored number as JSON; the number itself if it is beyond all dates. */
  public JsonNode json(long stored) {
    try {
      if (kind == Kind.DATE) {
        return TextNode.valueOf(LocalDate.ofEpochDay(stored).toString());
      }
      long seconds = Math.floorDiv(stored, perSecond);
      if (kind == Kind.TIME) {
        return DoubleNode.valueOf(stored / (double) perSecond / SECONDS_OF_HOUR);
      }
      long nanos = Math.floorMod(stored, perSecond) * (NANOS_OF_SECOND / perSecond);
      return TextNode.valueOf(
          kind == Kind.MOMENT
              ? Instant.ofEpochSecond(seconds, nanos).toString()
              : LocalDateTime.ofEpochSecond(seconds, (int) nanos, ZoneOffset.UTC).toString());
    } catch (DateTimeException e) {
      return DoubleNode.valueOf(stored);
    }
  }
}
