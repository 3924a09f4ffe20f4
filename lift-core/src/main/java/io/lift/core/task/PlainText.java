package io.lift.core.task;

/**
 * Text of a table, made safe for a sentence: no line breaks, no control characters, and nothing
 * that reads as one of the marks {@code ###} and {@code @@@}.
 *
 * <p>A run of control characters and line separators becomes one space. A run of {@code #} or
 * {@code @} becomes one character. An unpaired surrogate becomes U+FFFD. All other text is
 * unchanged.
 */
public final class PlainText {
  private PlainText() {}

  /** The safe text; the same string if it is safe already. */
  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '#' || c == '@') {
        return rewrite(text);
      }
    }
    return text;
  }

  /** The first {@code limit} characters, one less where the cut would split a surrogate pair. */
  public static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    boolean splits =
        Character.isHighSurrogate(text.charAt(limit - 1))
            && Character.isLowSurrogate(text.charAt(limit));
    return text.substring(0, splits ? limit - 1 : limit);
  }

  private static String rewrite(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int previous = -1;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (breaksLine(c)) {
        c = '\n';
      }
      boolean repeated = c == previous && (c == '\n' || c == '#' || c == '@');
      previous = c;
      if (!repeated) {
        plain.appendCodePoint(c == '\n' ? ' ' : isSurrogate(c) ? 0xFFFD : c);
      }
    }
    return plain.toString();
  }

  private static boolean breaksLine(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
