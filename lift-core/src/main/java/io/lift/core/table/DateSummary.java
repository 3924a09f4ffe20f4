package io.lift.core.table;

import io.lift.core.row.DateParser;
import io.lift.core.row.Moment;
import io.lift.core.row.NumberParser;
import io.lift.core.task.Column;
import io.lift.core.task.DateFormat;
import io.lift.core.task.DatePart;
import io.lift.core.task.DateSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The values of a field as dates of one format. */
final class DateSummary {
  /** Moments that are kept to find the decimals of their days. */
  private static final int KEPT = 2000;

  /** Whole numbers below are no seconds since 1970 (they would be before March 1973). */
  private static final double LEAST_EPOCH = 1e8;

  /** Seconds since 1970 are below, milliseconds above. */
  private static final double MOST_SECONDS = 1e11;

  private static final double DAYS_1980 = 3652;
  private static final double DAYS_2000 = 10957;
  private static final double DAYS_2050 = 29220;
  private static final double DAYS_2100 = 47482;

  private final DateFormat format;
  private final NumberSummary days = new NumberSummary();
  private final NumberSummary hours = new NumberSummary();
  private final Set<Double> kept = new HashSet<>();
  private boolean timed; // some value has a time of day
  private boolean fits = true;
  private String example;
  private Moment first;

  private DateSummary(DateFormat format) {
    this.format = format;
  }

  /** A summary for each format in which the first value of a field is a date. */
  static List<DateSummary> of(String firstValue) {
    Double number = NumberParser.parse(firstValue);
    Stream<DateFormat> formats =
        number != null
            ? Stream.of(epoch(number))
            : DateParser.parse(firstValue, DateFormat.ISO) != null
                ? Stream.of(DateFormat.ISO)
                : Stream.of(DateFormat.DAY_FIRST, DateFormat.MONTH_FIRST);
    return formats
        .filter(format -> format != null && DateParser.parse(firstValue, format) != null)
        .map(DateSummary::new)
        .toList();
  }

  /** The unit in which a number of this size is a date; null if it is none. */
  private static DateFormat epoch(double number) {
    if (number < LEAST_EPOCH || number != Math.rint(number)) {
      return null;
    }
    double most = MOST_SECONDS;
    for (DateFormat format : DateFormat.values()) {
      if (format.perSecond() > 0) {
        if (number < most) {
          return format;
        }
        most *= 1000;
      }
    }
    return null;
  }

  /** Adds a value; one that is no date of this format rules the format out. */
  void add(String text) {
    if (!fits) {
      return;
    }
    Moment moment = DateParser.parse(text, format);
    if (format.perSecond() > 0) {
      Double number = NumberParser.parse(text);
      moment = number != null && epoch(number) == format ? moment : null;
    }
    if (moment == null) {
      fits = false;
      return;
    }
    if (first == null) {
      example = text;
      first = moment;
    }
    days.add(moment.days());
    hours.add(moment.hour());
    timed |= moment.second() != 0;
    if (kept.size() < KEPT) {
      kept.add(moment.days());
    }
  }

  /** Whether all values are dates of this format. */
  boolean fits() {
    return fits;
  }

  /** Whether numbers are so likely to be dates that they need not be declared. */
  boolean plausible() {
    boolean seconds = format == DateFormat.EPOCH_SECONDS;
    return format.perSecond() == 0
        || days.min() >= (seconds ? DAYS_2000 : DAYS_1980)
            && days.max() <= (seconds ? DAYS_2050 : DAYS_2100);
  }

  /** Whether each date is after the one before. */
  boolean rising() {
    return days.rising();
  }

  DateFormat format() {
    return format;
  }

  /** The first value and its meaning, e.g. {@code '29.11.2026' is 2026-11-29}. */
  String example() {
    String time = "T%02d:%02d".formatted(first.hour(), first.second() / 60 % 60);
    return "'" + example + "' is " + first.date() + (timed ? time : "");
  }

  /**
   * The columns of a date: its trend, the weekday, the month, and the hour if the dates have one.
   *
   * @param field that holds the dates
   * @param taken names that other columns have
   * @param missing words that mean a missing date
   */
  List<Column> columns(String field, Set<String> taken, List<String> missing) {
    List<Column> columns = new ArrayList<>();
    for (DatePart part : DatePart.values()) {
      if (part == DatePart.HOUR && !timed) {
        continue;
      }
      String name = field + " " + part.name().toLowerCase(Locale.ROOT);
      while (taken.contains(name)) {
        name += " of date";
      }
      Column column =
          switch (part) {
            case TREND -> Column.number(name, days.stats(kept));
            case HOUR -> Column.number(name, hours.stats(Set.of()));
            case WEEKDAY, MONTH -> Column.category(name, part.words());
          };
      columns.add(column.ofDate(new DateSource(field, part, format)).missing(missing));
    }
    return columns;
  }
}
