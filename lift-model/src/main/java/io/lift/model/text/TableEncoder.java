package io.lift.model.text;

import io.lift.checkpoint.InvalidModelException;
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
  private final TableSentence sentence;
  private final List<TableColumn> slots; // null where values are written out
  private final TaskType type;
  private final TableQuestions questions; // null where columns are not asked
  private final int vocabulary;
  private final int maxLength;

  /**
   * @param maxLength positions of the model; of longer sentences the end is kept
   * @throws InvalidModelException if columns are to be asked whose numbers are written in digits
   */
  public TableEncoder(BaseVocabulary base, TaskLanguage language, int maxLength) {
    TaskSpec task = language.task();
    Sentence template = Sentence.of(task);
    List<String> labels = task.labels().stream().map(PlainText::of).toList();
    ColumnLanguage asked = language.columns();
    List<String> answers = new ArrayList<>(labels);
    if (asked != null) {
      answers.addAll(TableQuestions.words(asked));
    }
    List<String> words = new ArrayList<>(answers);
    words.addAll(template.literals());
    answering = new TableTokenizer(base, answers);
    reading = new TableTokenizer(base, words);
    type = task.type();
    this.maxLength = maxLength;
    List<TableColumn> columns = new ArrayList<>();
    int next = reading.vocabulary();
    for (int feature : template.slots()) {
      Column column = task.features().get(feature);
      TableColumn tokens = TableColumn.of(column, task.numbers(), next);
      columns.add(tokens);
      next = tokens == null ? next : tokens.end();
    }
    slots = columns;
    sentence = new TableSentence(template, reading, slots);
    questions =
        asked == null ? null : new TableQuestions(asked, byFeature(template), answering, next);
    vocabulary = questions == null ? next : questions.end();
  }

  /** The tokens of each feature; null where they are written out. */
  private TableColumn[] byFeature(Sentence template) {
    TableColumn[] features = new TableColumn[template.slots().size()];
    for (int s = slots.size() - 1; s >= 0; s--) {
      features[template.slots().get(s)] = slots.get(s);
    }
    return features;
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
    return after(prompt.context(), sentence.read(prompt)).ids();
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
    return sentence.spell(ids);
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
    TokenizedText answer = answering.completion(completion, type == TaskType.REGRESSION);
    if (answer.length() == 0) {
      throw new IllegalArgumentException("an example has no completion");
    }
    TokenizedText asked = after(example.prompt().context(), sentence.read(example.prompt()));
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
  private TokenizedText after(List<Example> context, TokenizedText asked) {
    int room = maxLength - ROOM - asked.length();
    List<TokenizedText> shown = new ArrayList<>();
    for (int i = context.size() - 1; i >= 0 && room > 0; i--) {
      TokenizedText row = shown(context.get(i));
      room -= row.length();
      if (room >= 0) {
        shown.add(0, row);
      }
    }
    TokenizedText.Builder out = new TokenizedText.Builder();
    shown.forEach(row -> row.addTo(out));
    kept(asked).addTo(out);
    return out.tokens();
  }

  /** A row with its answer, whose place on a grid stays where it is. */
  private TokenizedText shown(Example row) {
    String answer = row.completion().replace(TaskLanguage.END_OF_COMPLETION, "");
    TokenizedText.Builder out = new TokenizedText.Builder();
    sentence.read(row.prompt()).addTo(out);
    for (int id : answer(answer)) {
      out.add(id, Sequence.FIXED);
    }
    return out.tokens();
  }

  /** Keeps the end where a sentence is too long: the question stands there. */
  private TokenizedText kept(TokenizedText asked) {
    int skip = Math.max(0, asked.length() + ROOM - maxLength);
    return new TokenizedText(
        Arrays.copyOfRange(asked.ids(), skip, asked.length()),
        Arrays.copyOfRange(asked.zeros(), skip, asked.length()));
  }
}
