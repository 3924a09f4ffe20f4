package io.lift.model.text;

import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.PlainText;
import io.lift.core.task.Sentence;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.model.files.ModelInvalid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the sentences of one task in the tokens of the embedded model. A column's name and its
 * value are one token: {@code x3=57}, {@code x5=red}. So a row has one token per column and one for
 * the question. Free text, and numbers in decimal notation, are written out behind the name.
 *
 * <p>Tokens count up like this: the base vocabulary, the labels, and the words of the categories if
 * columns are asked too; then what is only read, never answered: the fixed parts of the sentence,
 * the values of each column, and what {@link TableQuestions} adds. Immutable.
 */
public final class TableEncoder implements TaskEncoder {
  /** Every answer of a task is one token. */
  private static final int ROOM = 1;

  private final TableTokenizer reading;
  private final TableTokenizer answering;
  private final String[] literals;
  private final String[] names; // of the slots, of a sentence that lists them; otherwise null
  private final String begin; // before the first name
  private final List<TableColumn> slots; // null where values are written out
  private final TaskType type;
  private final TableQuestions questions; // null where columns are not asked
  private final int vocabulary;
  private final int maxLength;

  /**
   * @param maxLength positions of the model; of longer sentences the end is kept
   * @throws ModelInvalid if columns are to be asked whose numbers are written in digits
   */
  public TableEncoder(BaseVocabulary base, TaskLanguage language, int maxLength) {
    TaskSpec task = language.task();
    Sentence sentence = Sentence.of(task);
    List<String> labels = task.labels().stream().map(PlainText::of).toList();
    ColumnLanguage asked = language.columns();
    List<String> answers = new ArrayList<>(labels);
    if (asked != null) {
      answers.addAll(TableQuestions.words(asked));
    }
    List<String> words = new ArrayList<>(answers);
    words.addAll(sentence.literals());
    answering = new TableTokenizer(base, answers);
    reading = new TableTokenizer(base, words);
    literals = sentence.literals().toArray(String[]::new);
    begin = sentence.begin();
    names = begin == null ? null : names(sentence);
    type = task.type();
    this.maxLength = maxLength;
    List<TableColumn> columns = new ArrayList<>();
    int next = reading.vocabulary();
    for (int feature : sentence.slots()) {
      Column column = task.features().get(feature);
      TableColumn tokens = TableColumn.of(column, task.numbers(), next);
      columns.add(tokens);
      next = tokens == null ? next : tokens.end();
    }
    slots = columns;
    questions =
        asked == null ? null : new TableQuestions(asked, byFeature(sentence), answering, next);
    vocabulary = questions == null ? next : questions.end();
  }

  /** The tokens of each feature; null where they are written out. */
  private TableColumn[] byFeature(Sentence sentence) {
    TableColumn[] features = new TableColumn[sentence.slots().size()];
    for (int s = slots.size() - 1; s >= 0; s--) {
      features[sentence.slots().get(s)] = slots.get(s);
    }
    return features;
  }

  private static String[] names(Sentence sentence) {
    String[] names = new String[sentence.slots().size()];
    for (int s = 0; s < names.length; s++) {
      int before = s == 0 ? sentence.begin().length() : Sentence.SEPARATOR.length();
      names[s] = sentence.literals().get(s).substring(before);
    }
    return names;
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public int answers() {
    return answering.vocabulary();
  }

  @Override
  public int padding() {
    return reading.padding();
  }

  /** The columns with tokens of their own, in the order of the sentence. */
  public List<TableColumn> columns() {
    return slots.stream().filter(column -> column != null).toList();
  }

  /** Columns whose tokens start on curves of their own: those above and perhaps a known target. */
  public List<TableColumn> started() {
    List<TableColumn> started = new ArrayList<>(columns());
    if (questions != null && questions.target() != null) {
      started.add(questions.target());
    }
    return started;
  }

  /** Whether every column has tokens of its own, so that nothing is written out. */
  public boolean allInColumns() {
    return slots.stream().allMatch(column -> column != null);
  }

  /** How many tokens a row without free text is read with. */
  public int tokensPerRow() {
    return slots.size() + 1;
  }

  @Override
  public int[] prompt(Prompt prompt) {
    return after(prompt.context(), read(prompt)).ids();
  }

  @Override
  public int[] answer(String answer) {
    return answering.completion(answer, type == TaskType.REGRESSION).ids();
  }

  @Override
  public int[] end() {
    return answering.completion(TaskLanguage.END_OF_COMPLETION, true).ids();
  }

  @Override
  public String spell(int[] ids) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < ids.length; i++) {
      int slot = slot(ids[i]);
      if (slot >= 0) {
        text.append(reading.decode(Arrays.copyOfRange(ids, from, i)));
        text.append(literals[slot]).append(slots.get(slot).spelling(ids[i]));
        from = i + 1;
      }
    }
    return text.append(reading.decode(Arrays.copyOfRange(ids, from, ids.length))).toString();
  }

  private int slot(int id) {
    for (int s = 0; s < slots.size(); s++) {
      if (slots.get(s) != null && slots.get(s).has(id)) {
        return s;
      }
    }
    return -1;
  }

  @Override
  public boolean ends(int id) {
    return id == reading.padding();
  }

  @Override
  public Sequence training(Example example, boolean withEnd) {
    String completion = example.completion();
    boolean ends = completion.endsWith(TaskLanguage.END_OF_COMPLETION);
    if (ends && !withEnd) {
      completion =
          completion.substring(0, completion.length() - TaskLanguage.END_OF_COMPLETION.length());
    }
    Tokens answer = answering.completion(completion, type == TaskType.REGRESSION);
    if (answer.length() == 0) {
      throw new IllegalArgumentException("an example has no completion");
    }
    Tokens asked = after(example.prompt().context(), read(example.prompt()));
    int total = asked.length() + answer.length();
    int[] ids = Arrays.copyOf(asked.ids(), total);
    int[] zeros = Arrays.copyOf(asked.zeros(), total);
    for (int i = 0; i < answer.length(); i++) {
      int id = answer.ids()[i];
      boolean place = type == TaskType.REGRESSION && answering.integer(id) >= 0;
      ids[asked.length() + i] = id;
      zeros[asked.length() + i] = place ? answering.integerToken(0) : Sequence.FIXED;
    }
    return new Sequence(ids, zeros, answer.length(), ends && withEnd);
  }

  @Override
  public int[] prompt(ColumnQuestion question) {
    return asked().prompt(question).ids();
  }

  @Override
  public Sequence training(ColumnQuestion question, String cell, boolean withEnd) {
    return asked().training(question, cell, withEnd ? end() : new int[0]);
  }

  private TableQuestions asked() {
    if (questions == null) {
      throw new IllegalStateException("the columns of this task are not asked");
    }
    return questions;
  }

  /** The token that a cell of a column is answered with. */
  public int answer(int column, String cell) {
    return asked().answer(column, cell);
  }

  /** A sentence after its context: as many of the last rows as there is room for. */
  private Tokens after(List<Example> context, Tokens asked) {
    int room = maxLength - ROOM - asked.length();
    List<Tokens> shown = new ArrayList<>();
    for (int i = context.size() - 1; i >= 0 && room > 0; i--) {
      Tokens row = shown(context.get(i));
      room -= row.length();
      if (room >= 0) {
        shown.add(0, row);
      }
    }
    Tokens.Builder out = new Tokens.Builder();
    shown.forEach(row -> row.addTo(out));
    kept(asked).addTo(out);
    return out.tokens();
  }

  /** A row with its answer, whose place on a grid stays where it is. */
  private Tokens shown(Example row) {
    String answer = row.completion().replace(TaskLanguage.END_OF_COMPLETION, "");
    Tokens.Builder out = new Tokens.Builder();
    read(row.prompt()).addTo(out);
    for (int id : answer(answer)) {
      out.add(id, Sequence.FIXED);
    }
    return out.tokens();
  }

  /** Keeps the end where a sentence is too long: the question stands there. */
  private Tokens kept(Tokens asked) {
    int skip = Math.max(0, asked.length() + ROOM - maxLength);
    return new Tokens(
        Arrays.copyOfRange(asked.ids(), skip, asked.length()),
        Arrays.copyOfRange(asked.zeros(), skip, asked.length()));
  }

  private Tokens read(Prompt prompt) {
    Reading in = new Reading(prompt);
    in.stage();
    in.sentence();
    in.writeOut(in.text.length()); // what is no sentence of this task
    return in.out.tokens();
  }

  /** Goes through one prompt. */
  private final class Reading {
    final String text;
    final int[] spans;
    final Tokens.Builder out = new Tokens.Builder();
    int at;
    int span; // of the next grid number
    boolean begun; // whether what stands before the first name has been read

    Reading(Prompt prompt) {
      text = prompt.text();
      spans = prompt.grid();
    }

    /** Reads the number of a generated task, which its sentence follows: one token. */
    void stage() {
      for (int number = 1; number < Sentence.LAST_STAGE; number++) {
        String stage = Sentence.STAGE.formatted(number);
        if (text.startsWith(stage)) {
          out.add(reading.integerToken(number), Sequence.FIXED);
          at = stage.length();
          begun = Sentence.STAGE.formatted(Sentence.LAST_STAGE).equals(begin);
        }
      }
    }

    /** Reads a sentence from here, or nothing at all. */
    void sentence() {
      int start = at;
      int startSpan = span;
      int startLength = out.length();
      boolean[] done = new boolean[slots.size()];
      boolean whole = true;
      for (int n = 0; n < slots.size() && whole; n++) {
        int slot = slot(n, done);
        whole = slot >= 0 && value(slot, at + named(n, slot), done);
        if (whole) {
          done[slot] = true;
        }
      }
      String question = literals[slots.size()];
      if (!whole || !text.startsWith(question, at)) {
        at = start;
        span = startSpan;
        out.cut(startLength);
        return;
      }
      reading.write(text, at, at + question.length(), out);
      at += question.length();
    }

    /** Which column the next value is of; its own order is tried first. */
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

    private String opening(int n) {
      return n > 0 ? Sentence.SEPARATOR : begun ? "" : begin;
    }

    /** How long the text before a value is. */
    private int named(int n, int slot) {
      return names == null ? literals[n].length() : opening(n).length() + names[slot].length();
    }

    /**
     * Reads the value that begins at {@code from}, with the name before it.
     *
     * @param done the columns read before
     */
    private boolean value(int slot, int from, boolean[] done) {
      TableColumn column = slots.get(slot);
      if (column == null) {
        int to = end(slot, from, done);
        if (to < 0) {
          return false;
        }
        reading.write(text, at, to, out);
        at = to;
        return true;
      }
      if (column.number() && span < spans.length && spans[span] == from) {
        at = spans[span + 1];
        span += 2;
        out.add(column.first() + place(text.substring(from, at)), column.first());
        return true;
      }
      if (!column.number()) {
        String next = names == null ? literals[slot + 1] : Sentence.SEPARATOR;
        for (int word : column.longestFirst()) {
          int to = from + column.words().get(word).length();
          if (text.startsWith(column.words().get(word), from) && text.startsWith(next, to)) {
            out.add(column.first() + word, Sequence.FIXED);
            at = to;
            return true;
          }
        }
      }
      if (text.startsWith(TaskLanguage.MISSING, from)) {
        out.add(column.missing(), Sequence.FIXED);
        at = from + TaskLanguage.MISSING.length();
        return true;
      }
      return false;
    }

    /** Where text ends: before the next name or the question; -1 if neither follows. */
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

    private int place(String number) {
      if (!number.matches("[1-9]?[0-9]")) {
        throw new IllegalArgumentException("a grid number must be 0..99, not " + number);
      }
      return Integer.parseInt(number);
    }

    void writeOut(int to) {
      reading.write(text, at, to, out);
      at = to;
    }
  }
}
