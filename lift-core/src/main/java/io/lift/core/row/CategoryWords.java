package io.lift.core.row;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The words of a category column, indexed by the spellings that rows may use. A word matches with
 * or without spaces around it. A number matches in any notation ({@code 1}, {@code 1.0}, {@code
 * 1e0}). {@code True} and {@code FALSE} also match JSON's {@code true} and {@code false}.
 */
public final class CategoryWords {
  private static final int MAX_NUMBER_LENGTH = 40;
  private static final int MAX_ZEROS = 30;

  private final Map<String, String> words = new HashMap<>();

  public CategoryWords(List<String> words) {
    words.forEach(word -> this.words.putIfAbsent(canonical(word.strip()), word));
    words.stream().filter(CategoryWords::isBoolean).forEach(this::addLowerCase);
    words.forEach(word -> this.words.put(word, word));
  }

  private static boolean isBoolean(String word) {
    return word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false");
  }

  private void addLowerCase(String word) {
    words.putIfAbsent(word.toLowerCase(Locale.ROOT), word);
  }

  /** The word that a text spells, or null. */
  public String find(String text) {
    String word = words.get(text);
    return word != null ? word : words.get(canonical(text.strip()));
  }

  /**
   * The plain notation of a number without superfluous zeros ({@code 2.50} becomes {@code 2.5}).
   * Other text is returned unchanged, and so are digits with leading zeros, which are codes.
   */
  public static String canonical(String text) {
    if (!looksLikeNumber(text)) {
      return text;
    }
    try {
      BigDecimal number = new BigDecimal(text).stripTrailingZeros();
      boolean readable = Math.abs((long) number.scale()) <= MAX_ZEROS;
      return readable ? number.toPlainString() : number.toString();
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private static boolean looksLikeNumber(String text) {
    if (text.isEmpty() || text.length() > MAX_NUMBER_LENGTH) {
      return false;
    }
    int first = text.charAt(0) == '-' ? 1 : 0;
    boolean leadingZero =
        text.length() > first + 1
            && text.charAt(first) == '0'
            && Character.isDigit(text.charAt(first + 1));
    char last = text.charAt(text.length() - 1);
    return !leadingZero && ((last >= '0' && last <= '9') || last == '.');
  }
}
