package io.lift.model.text;

import io.lift.checkpoint.InvalidModelException;
import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.PlainText;
import io.lift.core.task.Sentence;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tokenizes the sentences of one task for the embedded model. A column's name and value are one
 * token: {@code x3=57}, {@code x5=red}. A row has one token per column and one for the question.
 * Decimal numbers are written as text after the name. So are texts, unless the in-context model
 * reads the task: then a text column has its name only, and its text is read apart, see {@link
 * #texts}.
 *
 * <p>The order of the tokens: the base vocabulary, the labels, and the words of the categories if
 * the task learns to generate rows. Input tokens follow, which no answer contains: the literals of
 * the sentence, the values of each column, and the tokens of {@link TableQuestions}. Immutable.
 */
public final class TableEncoder implements TaskEncoder {
  /** Number of tokens of an answer. */
  private static final int ANSWER_LENGTH = 1;

  private final TableTokenizer promptTokenizer;
  private final TableTokenizer answerTokenizer;
  private final TableSentence sentence;
  private final List<TableColumn> slots; // null where values have no tokens of their own
  private final List<Integer> textSlots;
  private final TaskType type;
  private final TableQuestions questions; // null unless the task learns to generate rows
  private final int vocabulary;
  private final int maxLength;

  /**
   * @param maxLength longest sequence of the model, in tokens; of longer prompts the end is kept
   * @param inContext whether there is an in-context model, which reads texts
   * @throws InvalidModelException if the task learns to generate rows and its numbers are decimal
   */
  public TableEncoder(
      BaseVocabulary base, TaskLanguage language, int maxLength, boolean inContext) {
    this(base, language, maxLength, inContext, WordLikeness.NONE);
  }

  /**
   * @param maxLength longest sequence of the model, in tokens; of longer prompts the end is kept
   * @param inContext whether there is an in-context model, which reads texts
   * @param likeness of words that a category does not have
   * @throws InvalidModelException if the task learns to generate rows and its numbers are decimal
   */
  public TableEncoder(
      BaseVocabulary base,
      TaskLanguage language,
      int maxLength,
      boolean inContext,
      WordLikeness likeness) {
    TaskSpec task = language.task();
    Sentence template = Sentence.of(task);
    List<String> labels = task.labels().stream().map(PlainText::of).toList();
    ColumnLanguage columnLanguage = language.columns();
    List<String> answers = new ArrayList<>(labels);
    if (columnLanguage != null) {
      answers.addAll(TableQuestions.words(columnLanguage));
    }
    List<String> words = new ArrayList<>(answers);
    words.addAll(template.literals());
    answerTokenizer = new TableTokenizer(base, answers);
    promptTokenizer = new TableTokenizer(base, words);
    type = task.type();
    this.maxLength = maxLength;
    List<TableColumn> columns = new ArrayList<>();
    int next = promptTokenizer.vocabulary();
    for (int feature : template.slots()) {
      Column column = task.features().get(feature);
      TableColumn tokens = TableColumn.of(column, task.numbers(), next);
      columns.add(tokens);
      next = tokens == null ? next : tokens.end();
    }
    slots = columns;
    List<Integer> texts =
        IntStream.range(0, slots.size())
            .filter(s -> task.features().get(template.slots().get(s)).type() == ColumnType.TEXT)
            .boxed()
            .toList();
    boolean apart =
        inContext
            && task.training().methodOrPlain().usesPretrained()
            && texts.size() + columns().size() == slots.size();
    textSlots = apart ? texts : List.of();
    sentence = new TableSentence(template, promptTokenizer, slots, textSlots, likeness);
    questions =
        columnLanguage == null
            ? null
            : new TableQuestions(columnLanguage, byFeature(template), answerTokenizer, next);
    vocabulary = questions == null ? next : questions.end();
  }

  /** The tokens of each feature; null where values are written as text. */
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
    return answerTokenizer.vocabulary();
  }

  @Override
  public int padding() {
    return promptTokenizer.padding();
  }

  /** The columns with tokens of their own, in the order of the sentence. */
  public List<TableColumn> columns() {
    return slots.stream().filter(column -> column != null).toList();
  }

  /**
   * The columns whose embeddings are initialised by value: {@link #columns} and a number target.
   */
  public List<TableColumn> initialisedColumns() {
    List<TableColumn> initialised = new ArrayList<>(columns());
    if (questions != null && questions.target() != null) {
      initialised.add(questions.target());
    }
    return initialised;
  }

  /** Whether every column has tokens of its own or texts that are read apart. */
  public boolean readsAllColumns() {
    return IntStream.range(0, slots.size())
        .allMatch(s -> slots.get(s) != null || textSlots.contains(s));
  }

  /** Whether there are texts that are read apart. */
  public boolean hasTexts() {
    return !textSlots.isEmpty();
  }

  /**
   * The texts of a prompt without its context that are read apart, one for each text column; empty
   * for a missing one.
   */
  public List<String> texts(Prompt prompt) {
    return sentence.texts(prompt);
  }

  /** The number of tokens of a prompt without free text and context. */
  public int tokensPerRow() {
    return slots.size() + 1;
  }

  @Override
  public int[] prompt(Prompt prompt) {
    return withContext(prompt.context(), sentence.tokenize(prompt)).ids();
  }

  @Override
  public int[] answer(String answer) {
    return answerTokenizer.completion(answer, type == TaskType.REGRESSION).ids();
  }

  @Override
  public int[] end() {
    return answerTokenizer.completion(TaskLanguage.END_OF_COMPLETION, true).ids();
  }

  @Override
  public String decode(int[] ids) {
    return sentence.decode(ids);
  }

  @Override
  public boolean isEndOfText(int id) {
    return id == promptTokenizer.padding();
  }

  @Override
  public Sequence training(Example example, boolean withEnd) {
    String completion = example.completion();
    boolean ends = completion.endsWith(TaskLanguage.END_OF_COMPLETION);
    if (ends && !withEnd) {
      completion =
          completion.substring(0, completion.length() - TaskLanguage.END_OF_COMPLETION.length());
    }
    TokenizedText answer = answerTokenizer.completion(completion, type == TaskType.REGRESSION);
    if (answer.length() == 0) {
      throw new IllegalArgumentException("an example has no completion");
    }
    TokenizedText prompt =
        withContext(example.prompt().context(), sentence.tokenize(example.prompt()));
    int total = prompt.length() + answer.length();
    int[] ids = Arrays.copyOf(prompt.ids(), total);
    int[] gridStarts = Arrays.copyOf(prompt.gridStarts(), total);
    for (int i = 0; i < answer.length(); i++) {
      int id = answer.ids()[i];
      boolean onGrid = type == TaskType.REGRESSION && answerTokenizer.integer(id) >= 0;
      ids[prompt.length() + i] = id;
      gridStarts[prompt.length() + i] = onGrid ? answerTokenizer.integerToken(0) : Sequence.NO_GRID;
    }
    return new Sequence(ids, gridStarts, answer.length(), ends && withEnd, texts(example.prompt()));
  }

  @Override
  public int[] prompt(ColumnQuestion question) {
    return questions().prompt(question).ids();
  }

  @Override
  public Sequence training(ColumnQuestion question, String cell, boolean withEnd) {
    return questions().training(question, cell, withEnd ? end() : new int[0]);
  }

  private TableQuestions questions() {
    if (questions == null) {
      throw new IllegalStateException("this task does not learn to generate rows");
    }
    return questions;
  }

  /** The answer token of a cell. */
  public int answer(int column, String cell) {
    return questions().answer(column, cell);
  }

  /** A sentence after its context, of which as many of the last rows are kept as fit. */
  private TokenizedText withContext(List<Example> context, TokenizedText query) {
    int room = maxLength - ANSWER_LENGTH - query.length();
    List<TokenizedText> kept = new ArrayList<>();
    for (int i = context.size() - 1; i >= 0 && room > 0; i--) {
      TokenizedText row = contextRow(context.get(i));
      room -= row.length();
      if (room >= 0) {
        kept.add(0, row);
      }
    }
    TokenizedText.Builder out = new TokenizedText.Builder();
    kept.forEach(row -> row.appendTo(out));
    truncated(query).appendTo(out);
    return out.build();
  }

  /** A row of the context with its answer, to which no noise is added. */
  private TokenizedText contextRow(Example row) {
    String answer = row.completion().replace(TaskLanguage.END_OF_COMPLETION, "");
    TokenizedText.Builder out = new TokenizedText.Builder();
    sentence.tokenize(row.prompt()).appendTo(out);
    for (int id : answer(answer)) {
      out.add(id);
    }
    return out.build();
  }

  /** The end of a sentence that is too long, because the question is at its end. */
  private TokenizedText truncated(TokenizedText sentence) {
    int skip = Math.max(0, sentence.length() + ANSWER_LENGTH - maxLength);
    return new TokenizedText(
        Arrays.copyOfRange(sentence.ids(), skip, sentence.length()),
        Arrays.copyOfRange(sentence.gridStarts(), skip, sentence.length()));
  }
}
