package io.lift.core.row;

import io.lift.core.task.DatePart;
import java.time.LocalDate;

/**
 * A date with the time of day, as it was written.
 *
 * @param days days since 1970-01-01T00:00Z, with fractions
 * @param date the local date
 * @param second the local second of the day; 0 for a date without a time
 */
public record Moment(double days, LocalDate date, int second) {
  private static final int HOUR = 3600;

  /** The value of a column: a Double or a word. */
  public Object part(DatePart part) {
    return switch (part) {
      case TREND -> days;
      case WEEKDAY -> part.words().get(date.getDayOfWeek().ordinal());
      case HOUR -> (double) hour();
      case MONTH -> part.words().get(date.getMonth().ordinal());
    };
  }

  /** The local hour, 0 to 23. */
  public int hour() {
    return second / HOUR;
  }
}
