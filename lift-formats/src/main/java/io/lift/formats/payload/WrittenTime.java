package io.lift.formats.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lift.core.table.DeclaredField;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.util.Map;

/** Dates and times that Debezium stores as text. */
public enum WrittenTime {
  DATE,
  MOMENT,
  TIME;

  private static final double NANOS_OF_HOUR = 3.6e12;
  private static final Map<String, WrittenTime> NAMES =
      Map.of(
          "io.debezium.time.IsoDate", DATE,
          "io.debezium.time.IsoTime", TIME,
          "io.debezium.time.ZonedTime", TIME,
          "io.debezium.time.IsoTimestamp", MOMENT,
          "io.debezium.time.ZonedTimestamp", MOMENT);

  /**
   * The type of that name.
   *
   * @param name may be null
   * @return null if the name is not one of a date or time in a text
   */
  public static WrittenTime named(String name) {
    return name == null ? null : NAMES.get(name);
  }

  /** How a column of such values is read. */
  public DeclaredField declared() {
    return this == TIME ? DeclaredField.NUMBER : DeclaredField.DATE;
  }

  /** A stored text as JSON; a time of day becomes its hours. */
  public JsonNode json(String stored) {
    if (this == DATE) {
      return TextNode.valueOf(stored.endsWith("Z") ? stored.replace("Z", "") : stored);
    }
    if (this == MOMENT) {
      return TextNode.valueOf(stored);
    }
    try {
      boolean offset = stored.endsWith("Z") || stored.indexOf('+') > 0 || stored.indexOf('-') > 0;
      LocalTime time = offset ? OffsetTime.parse(stored).toLocalTime() : LocalTime.parse(stored);
      return DoubleNode.valueOf(time.toNanoOfDay() / NANOS_OF_HOUR);
    } catch (DateTimeException e) {
      return TextNode.valueOf(stored);
    }
  }
}
