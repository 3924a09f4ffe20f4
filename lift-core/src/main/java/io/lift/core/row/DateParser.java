package io.lift.core.row;

import io.lift.core.task.DateFormat;
import java.time.LocalDate;
import java.time.YearMonth;

/** Parses dates with and without a time. */
public final class DateParser {
  private static final int DAY = 86_400;
  private static final int LAST_MONTH = 12;
  private static final int YEAR_DIGITS = 4;

  /** Days since 1970 that a date may be away: about ten thousand years. */
  private static final double MOST_DAYS = 3_652_000;

  private DateParser() {}

  /**
   * Parses a date. A text in ISO 8601 is understood whatever the format.
   *
   * @return null if the text is not a date
   */
  public static Moment parse(String text, DateFormat format) {
    String stripped = text.strip();
    if (format.perSecond() > 0) {
      Double number = NumberParser.parse(stripped);
      return number == null ? new Text(stripped).iso() : parse(number, format);
    }
    Moment moment =
        switch (format) {
          case DAY_FIRST -> new Text(stripped).yearLast(true);
          case MONTH_FIRST -> new Text(stripped).yearLast(false);
          default -> null;
        };
    return moment == null ? new Text(stripped).iso() : moment;
  }

  /**
   * The date of a number.
   *
   * @param format one with numbers
   * @return null if the number is not finite, or too far away
   */
  public static Moment parse(double number, DateFormat format) {
    double seconds = number / format.perSecond();
    double days = seconds / DAY;
    if (format.perSecond() == 0 || !(Math.abs(days) < MOST_DAYS)) {
      return null;
    }
    long whole = (long) Math.floor(seconds);
    return new Moment(
        days,
        LocalDate.ofEpochDay(Math.floorDiv(whole, DAY)),
        (int) Math.floorMod(whole, (long) DAY));
  }

  /** A text that is read from its beginning on. */
  private static final class Text {
    private final String text;
    private int at;

    Text(String text) {
      this.text = text;
    }

    /** {@code 2026-11}, {@code 2026-11-29}, {@code 2026/11/29}, with or without a time. */
    Moment iso() {
      int year = number(YEAR_DIGITS, YEAR_DIGITS);
      char separator = next();
      if (year < 0 || separator != '-' && separator != '/') {
        return null;
      }
      int month = number(1, 2);
      if (at == text.length() && separator == '-') {
        return at == "2026-11".length() ? moment(year, month, 1) : null;
      }
      return next() == separator ? moment(year, month, number(1, 2)) : null;
    }

    /** {@code 29.11.2026}, {@code 29/11/2026}, {@code 29-11-2026}, with or without a time. */
    Moment yearLast(boolean dayFirst) {
      int first = number(1, 2);
      char separator = next();
      int second = number(1, 2);
      if (separator != '.' && separator != '/' && separator != '-' || next() != separator) {
        return null;
      }
      int year = number(YEAR_DIGITS, YEAR_DIGITS);
      return dayFirst ? moment(year, second, first) : moment(year, first, second);
    }

    private Moment moment(int year, int month, int day) {
      boolean valid =
          year >= 1
              && month >= 1
              && month <= LAST_MONTH
              && day >= 1
              && day <= YearMonth.of(year, month).lengthOfMonth();
      if (!valid) {
        return null;
      }
      LocalDate date = LocalDate.of(year, month, day);
      if (at == text.length()) {
        return new Moment(date.toEpochDay(), date, 0);
      }
      return time(date);
    }

    private Moment time(LocalDate date) {
      char separator = next();
      if (separator == ',') {
        separator = next();
      }
      int hour = separator == 'T' || separator == 't' || separator == ' ' ? number(1, 2) : -1;
      if (hour < 0 || next() != ':') {
        return null;
      }
      int minute = number(2, 2);
      int second = 0;
      double fraction = 0;
      if (peek() == ':') {
        at++;
        second = number(2, 2);
        fraction = peek() == '.' || peek() == ',' ? fraction() : 0;
      }
      hour = half(hour);
      int offset = offset();
      if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
        return null;
      }
      if (offset == Integer.MIN_VALUE || at < text.length()) {
        return null;
      }
      int local = Math.min(DAY - 1, hour * 3600 + minute * 60 + second);
      return new Moment(date.toEpochDay() + (local - offset + fraction) / DAY, date, local);
    }

    /** The hour of a time that may say {@code AM} or {@code PM}; -1 if it is none. */
    private int half(int hour) {
      int from = peek() == ' ' ? at + 1 : at;
      boolean morning = text.regionMatches(true, from, "AM", 0, 2);
      if (!morning && !text.regionMatches(true, from, "PM", 0, 2)) {
        return hour;
      }
      at = from + 2;
      return hour < 1 || hour > LAST_MONTH ? -1 : hour % LAST_MONTH + (morning ? 0 : LAST_MONTH);
    }

    /** Seconds east of UTC; 0 if none are given; MIN_VALUE if they are malformed. */
    private int offset() {
      if (peek() == ' ') {
        at++;
      }
      if (peek() == 'Z' || peek() == 'z') {
        at++;
        return 0;
      }
      if (text.startsWith("UTC", at) || text.startsWith("GMT", at)) {
        at += "UTC".length();
      }
      if (at == text.length()) {
        return 0;
      }
      char sign = next();
      int hours = number(2, 2);
      if (peek() == ':') {
        at++;
      }
      int minutes = at == text.length() ? 0 : number(2, 2);
      if (sign != '+' && sign != '-' || hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
        return Integer.MIN_VALUE;
      }
      return (sign == '+' ? 1 : -1) * (hours * 3600 + minutes * 60);
    }

    private double fraction() {
      at++;
      double fraction = 0;
      double digit = 1;
      while (at < text.length() && peek() >= '0' && peek() <= '9') {
        digit /= 10;
        fraction += (next() - '0') * digit;
      }
      return fraction;
    }

    /** Digits as a number; -1 if there are fewer than {@code least}. */
    private int number(int least, int most) {
      int number = 0;
      int from = at;
      while (at < text.length() && at < from + most && peek() >= '0' && peek() <= '9') {
        number = 10 * number + (next() - '0');
      }
      return at - from < least ? -1 : number;
    }

    private char peek() {
      return at < text.length() ? text.charAt(at) : 0;
    }

    private char next() {
      return at < text.length() ? text.charAt(at++) : 0;
    }
  }
}
