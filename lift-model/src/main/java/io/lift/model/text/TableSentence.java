package io.lift.model.text;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Sentence;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Tokenizes the sentence of a table's rows: one token per literal part, and one per column for name
 * and value. The columns may be in another order than in the template. A word that a category
 * column does not have is the one that it is like, see {@link WordLikeness}, or else missing. A
 * text column has its name only: its text is read apart, see {@link #texts}. Text that does not
 * follow the sentence is written in the base vocabulary. Immutable.
 */
final class TableSentence {
  private static final Pattern GRID_POSITION = Pattern.compile("[1-9]?[0-9]");

  /** The beginning of a sentence of each stage, by its number. */
  private static final List<String> STAGES =
      IntStream.rangeClosed(0, Sentence.LAST_STAGE).mapToObj(Sentence.STAGE::formatted).toList();

  private final TableTokenizer tokenizer;
  private final String[] literals;
  private final String[] names; // by slot; null if the sentence does not list names
  private final String begin; // before the first name
  private final List<TableColumn> slots; // null where values have no tokens of their own
  private final List<Integer> textSlots; // of the text columns
  private final WordLikeness likeness;

  /**
   * @param tokenizer has a token for each of the sentence's literals
   * @param slots the columns in the order of the sentence; null for texts and for numbers that are
   *     written in decimals
   * @param textSlots places of the text columns among them
   */
  TableSentence(
      Sentence sentence,
      TableTokenizer tokenizer,
      List<TableColumn> slots,
      List<Integer> textSlots,
      WordLikeness likeness) {
    this.likeness = likeness;
    this.tokenizer = tokenizer;
    this.slots = slots;
    this.textSlots = textSlots;
    literals = sentence.literals().toArray(String[]::new);
    begin = sentence.begin();
    names = begin == null ? null : names(sentence);
  }

  private static String[] names(Sentence sentence) {
    String[] names = new String[sentence.slots().size()];
    for (int s = 0; s < names.length; s++) {
      int before = s == 0 ? sentence.begin().length() : Sentence.SEPARATOR.length();
      names[s] = sentence.literals().get(s).substring(before);
    }
    return names;
  }

  /** The tokens of a prompt's own sentence, without its context. */
  TokenizedText tokenize(Prompt prompt) {
    Scanner scanner = new Scanner(prompt);
    scanner.stage();
    scanner.sentence();
    scanner.writeText(scanner.text.length()); // whatever does not follow the sentence
    return scanner.out.build();
  }

  /**
   * The texts of a prompt's own sentence, in the order of the sentence. A missing one is empty, and
   * so are all where the prompt does not follow the sentence.
   */
  List<String> texts(Prompt prompt) {
    if (textSlots.isEmpty()) {
      return List.of();
    }
    Scanner scanner = new Scanner(prompt);
    scanner.stage();
    scanner.sentence();
    return textSlots.stream()
        .map(slot -> scanner.texts[slot])
        .map(text -> text == null || text.equals(TaskLanguage.MISSING) ? "" : text)
        .toList();
  }

  /** The text of tokens, with grid positions as grid numbers. */
  String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < ids.length; i++) {
      int slot = slot(ids[i]);
      if (slot >= 0) {
        text.append(tokenizer.decode(Arrays.copyOfRange(ids, from, i)));
        text.append(literals[slot]).append(slots.get(slot).spelling(ids[i]));
        from = i + 1;
      }
    }
    return text.append(tokenizer.decode(Arrays.copyOfRange(ids, from, ids.length))).toString();
  }

  private int slot(int id) {
    for (int s = 0; s < slots.size(); s++) {
      if (slots.get(s) != null && slots.get(s).has(id)) {
        return s;
      }
    }
    return -1;
  }

  /** Reads one prompt from left to right. */
  private final class Scanner {
    final String text;
    final int[] spans;
    final TokenizedText.Builder out = new TokenizedText.Builder();
    final String[] texts = new String[slots.size()]; // by slot; null where none was read
    int at;
    int span; // index of the next grid number's span
    boolean begun; // whether the text before the first name has been read

    Scanner(Prompt prompt) {
      text = prompt.text();
      spans = prompt.grid();
    }

    /** Reads the beginning of a synthetic task's sentence: one token for its number. */
    void stage() {
      for (int number = 1; number < Sentence.LAST_STAGE; number++) {
        String stage = STAGES.get(number);
        if (text.startsWith(stage)) {
          out.add(tokenizer.integerToken(number));
          at = stage.length();
          begun = STAGES.get(Sentence.LAST_STAGE).equals(begin);
        }
      }
    }

    /** Reads the whole sentence from here, or nothing if the text does not follow it. */
    void sentence() {
      int start = at;
      int startSpan = span;
      int startLength = out.length();
      boolean[] done = new boolean[slots.size()];
      boolean whole = true;
      for (int n = 0; n < slots.size() && whole; n++) {
        int slot = slot(n, done);
        whole = slot >= 0 && value(slot, at + nameLength(n, slot), done);
        if (whole) {
          done[slot] = true;
        }
      }
      String question = literals[slots.size()];
      if (!whole || !text.startsWith(question, at)) {
        at = start;
        span = startSpan;
        out.truncate(startLength);
        Arrays.fill(texts, null);
        return;
      }
      tokenizer.write(text, at, at + question.length(), out);
      at += question.length();
    }

    /** The slot of the next value, or -1. The order of the template is tried first. */
    private int slot(int n, boolean[] done) {
      if (!done[n] && !begun && text.startsWith(literals[n], at)) {
        return n;
      }
      if (names != null && text.startsWith(opening(n), at)) {
        for (int s = 0; s < names.length; s++) {
          if (!done[s] && text.startsWith(names[s], at + opening(n).length())) {
            return s;
          }
        }
      }
      return -1;
    }

    /** The text before the nth name. */
    private String opening(int n) {
      return n > 0 ? Sentence.SEPARATOR : begun ? "" : begin;
    }

    /** The length of the text before a value. */
    private int nameLength(int n, int slot) {
      return names == null ? literals[n].length() : opening(n).length() + names[slot].length();
    }

    /**
     * Reads the value that begins at {@code from}, with the name before it.
     *
     * @param done by slot: whether it has been read
     * @return whether there is a value of this slot
     */
    private boolean value(int slot, int from, boolean[] done) {
      TableColumn column = slots.get(slot);
      if (column == null) {
        int to = end(slot, from, done);
        if (to < 0) {
          return false;
        }
        if (textSlots.contains(slot)) {
          texts[slot] = text.substring(from, to);
          tokenizer.write(text, at, from, out);
        } else {
          tokenizer.write(text, at, to, out);
        }
        at = to;
        return true;
      }
      if (column.number() && span < spans.length && spans[span] == from) {
        at = spans[span + 1];
        span += 2;
        out.add(column.first() + gridPosition(text.substring(from, at)), column.first());
        return true;
      }
      if (!column.number()) {
        return word(slot, from, done);
      }
      if (!text.startsWith(TaskLanguage.MISSING, from)) {
        return false;
      }
      out.add(column.missing());
      at = from + TaskLanguage.MISSING.length();
      return true;
    }

    /** Reads a word of a category column, or one that it does not have. */
    private boolean word(int slot, int from, boolean[] done) {
      TableColumn column = slots.get(slot);
      String next = names == null ? literals[slot + 1] : Sentence.SEPARATOR;
      for (int word : column.longestFirst()) {
        int to = from + column.words().get(word).length();
        if (text.startsWith(column.words().get(word), from) && text.startsWith(next, to)) {
          out.add(column.first() + word);
          at = to;
          return true;
        }
      }
      boolean missing = text.startsWith(TaskLanguage.MISSING + next, from);
      int to = missing ? from + TaskLanguage.MISSING.length() : end(slot, from, done);
      if (to < 0) {
        return false;
      }
      int like = missing ? -1 : likeness.nearest(column.words(), text.substring(from, to));
      out.add(like < 0 ? column.missing() : column.first() + like);
      at = to;
      return true;
    }

    /** The end of free text: before the next name or the question; -1 if neither follows. */
    private int end(int slot, int from, boolean[] done) {
      if (names == null) {
        return text.indexOf(literals[slot + 1], from);
      }
      int end = text.indexOf(literals[slots.size()], from);
      for (int s = 0; s < names.length; s++) {
        int next = done[s] || s == slot ? -1 : text.indexOf(Sentence.SEPARATOR + names[s], from);
        end = next >= 0 && (end < 0 || next < end) ? next : end;
      }
      return end;
    }

    private int gridPosition(String number) {
      if (!GRID_POSITION.matcher(number).matches()) {
        throw new IllegalArgumentException("a grid number must be 0..99, not " + number);
      }
      return Integer.parseInt(number);
    }

    /** Writes text up to an offset in the base vocabulary. */
    void writeText(int to) {
      tokenizer.write(text, at, to, out);
      at = to;
    }
  }
}
