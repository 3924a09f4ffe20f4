package io.lift.model.method;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.ContextPolicy;
import io.lift.core.task.LearningMethod;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import io.lift.model.text.TaskEncoder;
import java.util.List;

/**
 * The rows of a round as token sequences: without context, with the context of a query, and
 * augmented for training.
 */
public final class RowReader {
  private final LearningMethod method;
  private final TaskEncoder encoder;
  private final boolean withEnd;
  private final List<Example> rows; // new rows first, then rehearsed rows
  private final RoundContext context; // null for none
  private final Augmentation augmentation; // null for none
  private final Sequence[] withoutContext;
  private final Sequence[] withContext;
  private final ColumnQuestions questions; // null unless the task learns to generate rows

  /**
   * @param withEnd whether the end mark is trained
   * @param seed seed of the task
   * @param rows new rows of this round, then rows of earlier rounds, each in the order of the log
   * @param context context of these rows; null if the method has none
   */
  public RowReader(
      TaskLanguage language,
      LearningMethod method,
      TaskEncoder encoder,
      boolean withEnd,
      long seed,
      List<Example> rows,
      RoundContext context) {
    this.method = method;
    this.encoder = encoder;
    this.withEnd = withEnd;
    this.rows = List.copyOf(rows);
    this.context = context;
    this.augmentation = method.augments() ? new Augmentation(language.task(), method) : null;
    this.withoutContext = rows.stream().map(this::sequence).toArray(Sequence[]::new);
    this.withContext = context == null ? withoutContext : withContext(seed);
    this.questions =
        language.columns() == null
            ? null
            : new ColumnQuestions(language.columns(), encoder, withEnd, rows);
  }

  private Sequence[] withContext(long seed) {
    Sequence[] sequences = new Sequence[rows.size()];
    for (int row = 0; row < sequences.length; row++) {
      Example example = rows.get(row);
      SeededRandom random = new SeededRandom(seed, row);
      sequences[row] = sequence(example, context.trainingPrompt(row, example.prompt(), random));
    }
    return sequences;
  }

  /** Each row without context and augmentation. */
  public Sequence[] withoutContext() {
    return withoutContext;
  }

  /** Each row as in inference: with a context that does not contain it, without augmentation. */
  public Sequence[] withContext() {
    return withContext;
  }

  /**
   * A row as it is trained this time, augmented and with a context.
   *
   * @param trainable indices of the rows that may be mixed with it
   * @param random source of all random choices
   */
  public Sequence training(int row, int[] trainable, SeededRandom random) {
    boolean randomContext = context != null && method.context().pick() == ContextPolicy.Pick.RANDOM;
    if (augmentation == null && !randomContext) {
      return withContext[row];
    }
    Example example = rows.get(row);
    if (augmentation != null && augmentation.drawsMixup(random)) {
      Example other = rows.get(trainable[(int) (random.uniform() * trainable.length)]);
      example = augmentation.mix(example, other, random);
    }
    Prompt prompt = example.prompt();
    // neighbours are found by the sentence before its columns are shuffled
    Prompt neighbours = context == null ? prompt : context.trainingPrompt(row, prompt, random);
    Prompt augmented = augmentation == null ? prompt : augmentation.augment(prompt, random);
    return sequence(example, augmented.withContext(neighbours.context()));
  }

  /** Questions about single columns of the rows; null unless the task learns to generate rows. */
  public ColumnQuestions questions() {
    return questions;
  }

  /** The index of each row's label, from 0 in the order of first occurrence. */
  public int[] labels() {
    return Labels.of(rows);
  }

  private Sequence sequence(Example example) {
    return encoder.training(example, withEnd);
  }

  private Sequence sequence(Example example, Prompt prompt) {
    return sequence(new Example(prompt, example.completion()));
  }

  /**
   * The rows of the synthetic tasks of two-stage fine-tuning, as token sequences.
   *
   * @return (tasks, rows)
   */
  public static Sequence[][] syntheticTasks(
      TaskLanguage language, TaskEncoder encoder, boolean withEnd, long seed) {
    Sequence[][] tasks = new Sequence[SyntheticTasks.TASKS][];
    for (int t = 0; t < tasks.length; t++) {
      tasks[t] =
          SyntheticTasks.rows(language, t + 1, SeededRandom.mix(seed, RandomStream.SYNTHETIC_TASKS))
              .stream()
              .map(row -> encoder.training(row, withEnd))
              .toArray(Sequence[]::new);
    }
    return tasks;
  }
}
