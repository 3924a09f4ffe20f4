package io.lift.core.row;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Words that tables write in place of a value, in any case of letters. */
public final class MissingWords {
  private static final Set<String> USUAL =
      Set.of(
          "na", "n/a", "#n/a", "n.a.", "<na>", "-", "--", "---", "—", "–", ".", "..", "?", "nan",
          "-nan", "nat", "null", "nil", "none", "missing", "unknown", "\\n", "(null)", "n/v",
          "#value!", "#div/0!");
  private static final int LONGEST = 9;

  private static final MissingWords NONE = new MissingWords(Set.of());

  private final Set<String> words;

  private MissingWords(Set<String> words) {
    this.words = words;
  }

  /** The words of a column. */
  static MissingWords of(List<String> words) {
    return words.isEmpty()
        ? NONE
        : new MissingWords(
            words.stream().map(MissingWords::key).collect(Collectors.toUnmodifiableSet()));
  }

  private static String key(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  boolean contains(String text) {
    return !words.isEmpty() && words.contains(key(text.strip()));
  }

  /** Whether tables usually mean a missing value by this word. */
  public static boolean usual(String stripped) {
    return stripped.length() <= LONGEST && USUAL.contains(key(stripped));
  }
}
