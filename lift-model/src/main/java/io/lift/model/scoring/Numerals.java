package io.lift.model.scoring;

import io.lift.model.text.TaskEncoder;
import java.util.ArrayList;
import java.util.List;

/** The tokens of a vocabulary that spell numbers: digits, points and minus signs. */
final class Numerals {
  private final int end;
  private final List<Integer> tokens = new ArrayList<>();
  private final List<String> spellings = new ArrayList<>();

  Numerals(TaskEncoder encoder) {
    this.end = encoder.end()[0];
    for (int token = 0; token < encoder.vocabulary(); token++) {
      String text = encoder.isEndOfText(token) ? "" : encoder.decode(new int[] {token});
      if (text.matches(" ?[-0-9.]*") && !text.isEmpty()) {
        tokens.add(token);
        spellings.add(text);
      }
    }
  }

  int size() {
    return tokens.size();
  }

  int token(int n) {
    return tokens.get(n);
  }

  /** Their ids, and last the first token of the end mark. */
  long[] columns() {
    long[] columns = new long[size() + 1];
    for (int n = 0; n < size(); n++) {
      columns[n] = token(n);
    }
    columns[size()] = end;
    return columns;
  }

  /** The text of a token at the start of an answer, after its blank; null if it has no blank. */
  String atStart(int n) {
    String text = spellings.get(n);
    return text.startsWith(" ") ? text.substring(1) : null;
  }

  /** The text of a token within a number; null if it begins with a blank. */
  String inside(int n) {
    String text = spellings.get(n);
    return text.startsWith(" ") ? null : text;
  }
}
