package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the values of a field write dates and times. */
public enum DateFormat {
  /** {@code 2026-11-29}, with or without a time and an offset from UTC. */
  @JsonProperty("iso")
  ISO("ISO 8601"),
  /** {@code 29.11.2026} or {@code 29/11/2026}, with or without a time. */
  @JsonProperty("day-first")
  DAY_FIRST("day, month, year"),
  /** {@code 11/29/2026}, with or without a time. */
  @JsonProperty("month-first")
  MONTH_FIRST("month, day, year"),
  @JsonProperty("epoch-seconds")
  EPOCH_SECONDS("seconds since 1970"),
  @JsonProperty("epoch-millis")
  EPOCH_MILLIS("milliseconds since 1970"),
  @JsonProperty("epoch-micros")
  EPOCH_MICROS("microseconds since 1970"),
  @JsonProperty("epoch-nanos")
  EPOCH_NANOS("nanoseconds since 1970");

  private static final long THOUSAND = 1000;

  private final String words;

  DateFormat(String words) {
    this.words = words;
  }

  /** The format in words. */
  public String words() {
    return words;
  }

  /** Units of a whole number in one second; 0 if dates are text. */
  public long perSecond() {
    return switch (this) {
      case ISO, DAY_FIRST, MONTH_FIRST -> 0;
      case EPOCH_SECONDS -> 1;
      case EPOCH_MILLIS -> THOUSAND;
      case EPOCH_MICROS -> THOUSAND * THOUSAND;
      case EPOCH_NANOS -> THOUSAND * THOUSAND * THOUSAND;
    };
  }
}
