package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The part of a date that a column of a task holds. */
public enum DatePart {
  /** Days since 1970-01-01T00:00Z, with fractions: a number. */
  @JsonProperty("trend")
  TREND(List.of()),
  /** The day of the week, by its name. */
  @JsonProperty("weekday")
  WEEKDAY(List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
  /** The hour of the day: a number, 0 to 23. */
  @JsonProperty("hour")
  HOUR(List.of()),
  /** The month, by its name. */
  @JsonProperty("month")
  MONTH(
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December"));

  private final List<String> words;

  DatePart(List<String> words) {
    this.words = words;
  }

  /** The names of the days or months, in order; empty for a number. */
  public List<String> words() {
    return words;
  }
}
