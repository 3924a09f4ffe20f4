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
 * The rows of a round in tokens, as the task's method reads them: by themselves, after the context
 * they would be asked in, and varied as they are read in training.
 */
public final class RowReader {
  private final LearningMethod method;
  private final TaskEncoder encoder;
  private final boolean withEnd;
  private final List<Example> rows; // fresh ones first, then rehearsed ones
  private final RoundContext context; // null for none
  private final Augmentation variation;
  private final Sequence[] alone;
  private final Sequence[] asked;
  private final ColumnQuestions questions; // null where columns are not asked

  /**
   * @param withEnd whether the end mark is learnt
   * @param seed of the task
   * @param rows that enter with this round, then those of earlier rounds, each in the order of the
   *     log
   * @param context of these rows; null if the method has none
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
    this.variation = method.varies() ? new Augmentation(language.task(), method) : null;
    this.alone = rows.stream().map(this::sequence).toArray(Sequence[]::new);
    this.asked = context == null ? alone : asked(seed);
    this.questions =
        language.columns() == null
            ? null
            : new ColumnQuestions(language.columns(), encoder, withEnd, rows);
  }

  private Sequence[] asked(long seed) {
    Sequence[] sequences = new Sequence[rows.size()];
    for (int row = 0; row < sequences.length; row++) {
      Example example = rows.get(row);
      SeededRandom random = new SeededRandom(seed, row);
      sequences[row] = sequence(example, context.learn(row, example.prompt(), random));
    }
    return sequences;
  }

  /** Each row by itself, as it stands. */
  public Sequence[] alone() {
    return alone;
  }

  /** Each row as it would be asked: after a context in which it is not itself. */
  public Sequence[] asked() {
    return asked;
  }

  /**
   * A row as it is read this time.
   *
   * @param learnt rows that whoever reads may learn, to mix them
   * @param random what is drawn
   */
  public Sequence read(int row, int[] learnt, SeededRandom random) {
    boolean drawn = context != null && method.context().pick() == ContextPolicy.Pick.RANDOM;
    if (variation == null && !drawn) {
      return asked[row];
    }
    Example example = rows.get(row);
    if (variation != null && variation.mixes(random)) {
      Example other = rows.get(learnt[(int) (random.uniform() * learnt.length)]);
      example = variation.mix(example, other, random);
    }
    Prompt prompt = example.prompt();
    // what is like a row is judged by its sentence as it is asked, before columns change places
    Prompt before = context == null ? prompt : context.learn(row, prompt, random);
    Prompt varied = variation == null ? prompt : variation.vary(prompt, random);
    return sequence(example, varied.after(before.context()));
  }

  /** Questions about single columns of the rows; null if the task does not learn them. */
  public ColumnQuestions questions() {
    return questions;
  }

  /** The label of each row, counted from 0 in the order in which they occur. */
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
   * The rows of the generated tasks that come before a task's own, in tokens.
   *
   * @return (tasks, rows)
   */
  public static Sequence[][] pretexts(
      TaskLanguage language, TaskEncoder encoder, boolean withEnd, long seed) {
    Sequence[][] tasks = new Sequence[SyntheticTasks.TASKS][];
    for (int t = 0; t < tasks.length; t++) {
      tasks[t] =
          SyntheticTasks.rows(language, t + 1, SeededRandom.mix(seed, RandomStream.PRETEXT))
              .stream()
              .map(row -> encoder.training(row, withEnd))
              .toArray(Sequence[]::new);
    }
    return tasks;
  }
}
