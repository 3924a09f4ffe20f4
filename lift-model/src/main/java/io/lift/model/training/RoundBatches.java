package io.lift.model.training;

import io.lift.model.ensemble.Ensemble;
import io.lift.model.ensemble.Folds;
import io.lift.model.method.ColumnQuestions;
import io.lift.model.method.RowReader;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The batches of a round: in each step, every member reads rows that it may train on in an order of
 * its own, with noise of its own. Where questions about columns are learned too, a step of them
 * follows each step of answers. Synthetic tasks come before a first round's own rows. All of it is
 * a function of the rows, the recipe and the number of the round.
 */
public final class RoundBatches {
  /** Visits to each synthetic task, one task after the other, as in the paper. */
  private static final int VISITS = 2;

  /** Epochs over the rows of a synthetic task in a visit, as in the paper. */
  private static final int VISIT_EPOCHS = 3;

  /**
   * Questions about each row of a step, where all weights are trained. They are short sequences of
   * a small model, which cost little more in larger batches, and have more to learn than the
   * answers.
   */
  private static final int QUESTIONS = 4;

  private final RowReader reader;
  private final Sequence[] rows;
  private final int fresh;
  private final TrainingRecipe recipe;
  private final int[] folds;
  private final int batchSize;
  private final int plannedSteps; // of answers, where the round is not cut
  private int answerSteps;
  private int cutAt; // 0 where the round is not cut
  private final int[][] trainable; // (M, rows)
  private final int[][][] plans; // (M, steps, B) rows of the steps of answers
  private final ColumnQuestions questions; // null where the task does not learn them
  private final int[][][] questionPlans; // (M, steps, B) rows of the steps of questions
  private final Sequence[][] syntheticTasks; // (tasks, rows); perhaps none
  private final int visitSteps;
  private final NoiseAugmentation[] noise; // (M)

  /**
   * @param reader of the rows: fresh ones first, then rehearsed ones
   * @param fresh how many rows are fresh, at least one
   * @param syntheticTasks the rows of synthetic tasks that come first: (tasks, rows), perhaps none
   * @param codes the columns that some number encodings read as codes, by the tokens of their grid
   *     position 0
   * @param round completed rounds before this one
   * @param wantedSteps of answers in the round; more if some fresh row would not be read
   */
  public RoundBatches(
      RowReader reader,
      int fresh,
      Sequence[][] syntheticTasks,
      Ensemble ensemble,
      TrainingRecipe recipe,
      Set<Integer> codes,
      long round,
      int wantedSteps) {
    this.reader = reader;
    this.rows = reader.withoutContext();
    this.questions = reader.questions();
    this.fresh = fresh;
    this.syntheticTasks = syntheticTasks;
    this.recipe = recipe;
    int members = ensemble.size();
    folds = Folds.of(rows, fresh);
    batchSize = Math.min(recipe.batch(), rows.length);
    plannedSteps = Math.max(wantedSteps, (fresh + batchSize - 1) / batchSize);
    answerSteps = plannedSteps;
    visitSteps =
        syntheticTasks.length == 0
            ? 0
            : Math.max(1, VISIT_EPOCHS * syntheticTasks[0].length / batchSize);
    trainable = new int[members][];
    plans = new int[members][][];
    questionPlans = new int[questions == null ? 0 : members][][];
    noise = new NoiseAugmentation[members];
    GridHistogram histogram = new GridHistogram(rows);
    Set<Integer> spikes = histogram.spikes();
    boolean balanced = recipe.method().balances();
    for (int m = 0; m < members; m++) {
      Ensemble.Member member = ensemble.members().get(m);
      trainable[m] = trainable(member);
      plans[m] = plan(m, balanced, new SeededRandom(recipe.seed(), RandomStream.ORDER, round, m));
      if (questions != null) {
        questionPlans[m] =
            plan(m, false, new SeededRandom(recipe.seed(), RandomStream.QUESTION_ORDER, round, m));
      }
      Set<Integer> exact = member.encoding().codes() ? codes : Set.of();
      int noisy = (int) histogram.columns().stream().filter(c -> !exact.contains(c)).count();
      noise[m] =
          new NoiseAugmentation(
              recipe.noise() * member.encoding().noise(rows.length, noisy),
              recipe.noise() * member.encoding().targetNoise(rows.length),
              exact,
              spikes);
    }
  }

  /** The rows that a member may train on. */
  private int[] trainable(Ensemble.Member member) {
    int[] own = IntStream.range(0, rows.length).filter(i -> member.trainsOn(folds[i])).toArray();
    return own.length > 0
        ? own
        : IntStream.range(0, rows.length).toArray(); // there are no others to train on
  }

  /** A member's own order of its rows: (steps, B). */
  private int[][] plan(int member, boolean balanced, SeededRandom random) {
    int[] own = trainable[member];
    Sequence[] sequences = reader.withContext();
    int[] lengths = IntStream.of(own).map(i -> sequences[i].length()).toArray();
    int ownFresh = (int) IntStream.of(own).filter(i -> i < fresh).count();
    int weight = recipe.freshWeight();
    int[][] plan;
    if (balanced) {
      int[] all = reader.labels();
      int[] labels = IntStream.of(own).map(i -> all[i]).toArray();
      plan =
          BatchSampler.balanced(lengths, labels, ownFresh, weight, answerSteps, batchSize, random);
    } else {
      plan = BatchSampler.of(lengths, ownFresh, weight, answerSteps, batchSize, random);
    }
    for (int[] step : plan) {
      for (int b = 0; b < step.length; b++) {
        step[b] = own[step[b]];
      }
    }
    return plan;
  }

  /** Steps of the round, those on synthetic tasks included. */
  public int steps() {
    return syntheticSteps() + kinds() * answerSteps;
  }

  /** Kinds of steps that alternate: answers, and perhaps questions about columns. */
  private int kinds() {
    return questions == null ? 1 : 2;
  }

  private int syntheticSteps() {
    return VISITS * syntheticTasks.length * visitSteps;
  }

  /** Whether a step is one of questions about columns. */
  public boolean asksColumns(int s) {
    return s >= syntheticSteps() && (s - syntheticSteps()) % kinds() == 1;
  }

  /** Whether a step is among the last tenth of the round, at least one of each kind. */
  public boolean late(int s) {
    return s >= steps() - Math.max(kinds(), steps() / 10);
  }

  /**
   * The learning rate of a step. Synthetic tasks have a schedule of their own. After a cut, the
   * rate falls from what it was in a straight line.
   */
  public double rate(int s, boolean first) {
    int before = syntheticSteps();
    if (s < before) {
      return recipe.optimizer().rate(s, before, first);
    }
    boolean closing = cutAt > 0 && s >= cutAt;
    int last = closing ? cutAt - 1 : s;
    double planned = recipe.optimizer().rate(last - before, kinds() * plannedSteps, first);
    return closing ? planned * (steps() - s) / (steps() - cutAt + 1.0) : planned;
  }

  /**
   * Cuts the round: only {@link ClosingSteps} follow. Does nothing on synthetic tasks, in a round
   * that is cut already, and where it would spare no step.
   *
   * @param done steps of the round that are done
   */
  public void cut(int done) {
    int answered = (done - syntheticSteps() + kinds() - 1) / kinds();
    if (cutAt > 0 || answered < 1) {
      return;
    }
    ClosingSteps closing = new ClosingSteps(plans, trainable, fresh, answered);
    if (answered + closing.count() < answerSteps) {
      closing.addTo(plans);
      answerSteps = answered + closing.count();
      cutAt = done;
    }
  }

  /** The step after which the round was cut; 0 if it was not. */
  public int cutAt() {
    return cutAt;
  }

  /** Planned steps that the cut has left out. */
  public int omitted() {
    return kinds() * (plannedSteps - answerSteps);
  }

  /** The fold of each row. */
  public int[] folds() {
    return folds;
  }

  /** A hash of the rows: the same rows in the same order have the same. */
  public String hash() {
    return BatchSampler.hash(rows, fresh);
  }

  /**
   * The batch of a step.
   *
   * @param s step of the round
   * @param step steps since the base model, which choose the noise
   * @return (M, B) sequences; B is larger in steps of questions where each row has several
   */
  public Sequence[][] batch(int s, long step) {
    boolean columns = asksColumns(s);
    int each = columns && recipe.lora() == null ? QUESTIONS : 1;
    long stream = columns ? RandomStream.QUESTIONS : RandomStream.AUGMENTATION;
    Sequence[][] batch = new Sequence[plans.length][each * batchSize];
    for (int m = 0; m < plans.length; m++) {
      SeededRandom ownNoise = new SeededRandom(recipe.seed(), RandomStream.NOISE, step, m);
      SeededRandom random = new SeededRandom(recipe.seed(), stream, step, m);
      for (int b = 0; b < batch[m].length; b++) {
        Sequence row = s < syntheticSteps() ? synthetic(m, s, b) : row(m, s, b / each, random);
        batch[m][b] = noise[m].apply(row, ownNoise);
      }
    }
    return batch;
  }

  private Sequence row(int member, int s, int place, SeededRandom random) {
    int planned = (s - syntheticSteps()) / kinds();
    return asksColumns(s)
        ? questions.sample(questionPlans[member][planned][place], random)
        : reader.training(plans[member][planned][place], trainable[member], random);
  }

  /** A row of the synthetic tasks: in each visit, all rows of one task in new orders. */
  private Sequence synthetic(int member, int s, int place) {
    int visit = s / visitSteps;
    Sequence[] task = syntheticTasks[visit % syntheticTasks.length];
    int read = s % visitSteps * batchSize + place;
    SeededRandom order =
        new SeededRandom(
            recipe.seed(), RandomStream.SYNTHETIC_TASKS, member, visit, read / task.length);
    return task[order.permutation(task.length)[read % task.length]];
  }
}
