package io.lift.core.table;

import io.lift.core.row.NotatedNumber;
import io.lift.core.row.NumberParser;
import io.lift.core.task.NumberNotation;
import io.lift.core.task.NumberNotation.Decimal;
import java.math.BigDecimal;

/**
 * The values of one field as numbers, in the two notations that tables have: with a decimal point
 * and with a decimal comma. Each has statistics of its own until a value rules it out.
 */
final class NumberProfile {
  private final NumberSummary point = new NumberSummary();
  private final NumberSummary comma = new NumberSummary();
  private long words; // values that are numbers in neither notation
  private long pointMisses;
  private long commaMisses;
  private long notated; // values that are more than digits with a point
  private boolean separated; // some value has a point or comma
  private String unit; // null before the first
  private long units;
  private boolean mixed; // several units
  private boolean preferComma;
  private String exampleWord;
  private String example; // the first notated value
  private String separatedExample;

  /**
   * Adds a value.
   *
   * @param plain the value as digits with a point; null if it is not a number so written
   * @return whether it is a number in any notation
   */
  boolean add(String text, Double plain) {
    boolean isPlain = plain != null && !isCode(text);
    boolean signs = text.indexOf('.') >= 0 || text.indexOf(',') >= 0;
    if (isPlain && (!signs || commaMisses > 0)) {
      point.add(plain);
      if (signs) {
        commaMisses++;
      } else {
        comma.add(plain);
      }
      return true;
    }
    NotatedNumber number = NotatedNumber.of(text);
    Double pointed = isPlain ? plain : number == null ? null : number.value(Decimal.POINT);
    Double withComma = number == null ? null : number.value(Decimal.COMMA);
    if (pointed == null && withComma == null) {
      words++;
      pointMisses++;
      commaMisses++;
      exampleWord = exampleWord == null ? text : exampleWord;
      return false;
    }
    count(pointed, point, true);
    count(withComma, comma, false);
    separated |= signs;
    if (signs && separatedExample == null) {
      separatedExample = text;
    }
    if (!isPlain) {
      notated++;
      example = example == null ? text : example;
    }
    if (number != null && !number.unit().isEmpty()) {
      units++;
      mixed |= unit != null && !unit.equals(number.unit());
      unit = number.unit();
    }
    return true;
  }

  private void count(Double number, NumberSummary summary, boolean isPoint) {
    if (number != null && !number.isInfinite()) {
      summary.add(number);
    } else if (isPoint) {
      pointMisses++;
    } else {
      commaMisses++;
    }
  }

  /** Digits with leading zeros are a code, such as a postcode, and not a number. */
  private static boolean isCode(String text) {
    return text.length() > 1 && text.charAt(0) == '0' && Character.isDigit(text.charAt(1));
  }

  /**
   * Says that the table has decimal commas. Numbers that may be read either way then have them too.
   */
  void preferComma(boolean commas) {
    preferComma = commas;
  }

  /** Whether the values are numbers only with a decimal comma. */
  boolean needsComma() {
    return fits() && pointMisses > 0;
  }

  /** Whether all values are numbers in one notation. */
  boolean fits() {
    return decimal() != null;
  }

  private Decimal decimal() {
    boolean pointFits = pointMisses == 0 && point.count() > 0;
    boolean commaFits = commaMisses == 0 && comma.count() > 0;
    if (!pointFits && !commaFits || !unitsAgree()) {
      return null;
    }
    boolean commaChosen = !pointFits || commaFits && separated && preferComma;
    return commaChosen ? Decimal.COMMA : Decimal.POINT;
  }

  /** One unit in every value; money may be written without it. */
  private boolean unitsAgree() {
    long count = Math.max(point.count(), comma.count());
    return unit == null || !mixed && (units == count || NotatedNumber.isCurrency(unit));
  }

  /** The statistics in the notation that fits. */
  NumberSummary summary() {
    return decimal() == Decimal.COMMA ? comma : point;
  }

  /** The notation; null for digits with a point, or if the values are no numbers. */
  NumberNotation notation() {
    Decimal decimal = decimal();
    boolean plain = decimal == Decimal.POINT && notated == 0;
    return decimal == null || plain ? null : new NumberNotation(decimal, unit);
  }

  /** Values that are numbers in no notation, or not in that of the others. */
  long words() {
    return fits() ? 0 : Math.max(words, mixed ? units : Math.min(pointMisses, commaMisses));
  }

  /** A value that keeps the others from being numbers; null if there is none. */
  String exampleWord() {
    return exampleWord == null ? example : exampleWord;
  }

  /** A value in the notation and the number that it means; null for digits with a point. */
  String example() {
    NumberNotation notation = notation();
    if (notation == null) {
      return null;
    }
    boolean commas = notation.decimal() == Decimal.COMMA && separatedExample != null;
    String text = commas ? separatedExample : example;
    return "'" + text + "' is " + plain(NumberParser.parse(text, notation));
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /** The number of a value; null if it is none. */
  Double value(String text) {
    return NumberParser.parse(text, notation());
  }
}
