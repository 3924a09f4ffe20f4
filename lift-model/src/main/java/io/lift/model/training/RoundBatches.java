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
 * What each member of a committee reads in each step of a round: its own order of the rows that it
 * may learn, with its own noise. Where columns are asked too, each step of answers is followed by
 * one of such questions. A function of the rows, the recipe and the round's number.
 */
public final class RoundBatches {
  /** Visits to each generated task, in turn with the others, as in the paper. */
  private static final int VISITS = 2;

  /** How often a visit reads the rows of a generated task, as in the paper. */
  private static final int PRETEXT_EPOCHS = 3;

  /**
   * Questions about each row of a step, where all weights are trained: short sequences of a small
   * model, which cost little more in larger batches, and there is more to learn in them than in the
   * answers.
   */
  private static final int QUESTIONS = 4;

  private final RowReader reader;
  private final Sequence[] rows;
  private final int fresh;
  private final Ensemble committee;
  private final TrainingRecipe recipe;
  private final int[] folds;
  private final int batch;
  private final int steps; // of answers
  private final int[][][] plans; // (M, steps, B)
  private final ColumnQuestions questions; // null where columns are not asked
  private final int[][][] questionPlans; // as plans; the rows that are asked about
  private final int[][] learnt; // (M, rows)
  private final Sequence[][] pretexts; // (tasks, rows); none where there is no first stage
  private final int visit; // steps of a visit to a generated task
  private final NoiseAugmentation[] jitters; // (M)

  /**
   * @param reader the rows: fresh ones first, then rehearsed ones
   * @param fresh how many are fresh, at least one
   * @param pretexts the rows of generated tasks that are read first: (tasks, rows), perhaps none
   * @param codes the columns that some readings take as codes, by the tokens of their place 0
   * @param round completed rounds before this one
   * @param wantedSteps of answers in the round; more if some fresh row would not be read
   */
  public RoundBatches(
      RowReader reader,
      int fresh,
      Sequence[][] pretexts,
      Ensemble committee,
      TrainingRecipe recipe,
      Set<Integer> codes,
      long round,
      int wantedSteps) {
    this.reader = reader;
    this.rows = reader.alone();
    this.questions = reader.questions();
    this.fresh = fresh;
    this.pretexts = pretexts;
    this.committee = committee;
    this.recipe = recipe;
    folds = Folds.of(rows, fresh);
    batch = Math.min(recipe.batch(), rows.length);
    steps = Math.max(wantedSteps, (fresh + batch - 1) / batch);
    visit = pretexts.length == 0 ? 0 : Math.max(1, PRETEXT_EPOCHS * pretexts[0].length / batch);
    learnt = new int[committee.size()][];
    plans = new int[committee.size()][][];
    questionPlans = new int[questions == null ? 0 : committee.size()][][];
    jitters = new NoiseAugmentation[committee.size()];
    GridHistogram places = new GridHistogram(rows);
    Set<Integer> spikes = places.spikes();
    for (int m = 0; m < committee.size(); m++) {
      Ensemble.Member member = committee.members().get(m);
      learnt[m] = learnt(member);
      boolean balanced = recipe.method().balances();
      plans[m] = plan(m, balanced, new SeededRandom(recipe.seed(), RandomStream.ORDER, round, m));
      if (questions != null) {
        questionPlans[m] =
            plan(m, false, new SeededRandom(recipe.seed(), RandomStream.QUESTION_ORDER, round, m));
      }
      Set<Integer> still = member.reading().codes() ? codes : Set.of();
      int moving = (int) places.columns().stream().filter(zero -> !still.contains(zero)).count();
      jitters[m] =
          new NoiseAugmentation(
              recipe.noise() * member.reading().jitter(rows.length, moving),
              recipe.noise() * member.reading().targetJitter(rows.length),
              still,
              spikes);
    }
  }

  /** The rows that a member may learn. */
  private int[] learnt(Ensemble.Member member) {
    int[] own = IntStream.range(0, rows.length).filter(i -> member.learns(folds[i])).toArray();
    return own.length > 0
        ? own
        : IntStream.range(0, rows.length).toArray(); // there is nothing else to learn
  }

  /** A member's own order of its rows: (steps, B). */
  private int[][] plan(int member, boolean balanced, SeededRandom random) {
    int[] own = learnt[member];
    Sequence[] read = reader.asked();
    int[] lengths = IntStream.of(own).map(i -> read[i].length()).toArray();
    int ownFresh = (int) IntStream.of(own).filter(i -> i < fresh).count();
    int[][] plan;
    if (balanced) {
      int[] all = reader.labels();
      int[] labels = IntStream.of(own).map(i -> all[i]).toArray();
      int weight = recipe.freshWeight();
      plan = BatchSampler.balanced(lengths, labels, ownFresh, weight, steps, batch, random);
    } else {
      plan = BatchSampler.of(lengths, ownFresh, recipe.freshWeight(), steps, batch, random);
    }
    for (int[] step : plan) {
      for (int b = 0; b < step.length; b++) {
        step[b] = own[step[b]];
      }
    }
    return plan;
  }

  /** Steps of the round, both stages. */
  public int steps() {
    return stage() + turns() * steps;
  }

  /** How many steps follow one another in turn: answers, and perhaps questions about columns. */
  public int turns() {
    return questions == null ? 1 : 2;
  }

  /** Whether a step is one of questions about columns. */
  public boolean asksColumns(int s) {
    return s >= stage() && (s - stage()) % turns() == 1;
  }

  /** Steps of the first stage. */
  private int stage() {
    return VISITS * pretexts.length * visit;
  }

  /** The learning rate of a step: each stage has its own curve. */
  public double rate(int s, boolean first) {
    return s < stage()
        ? recipe.optimizer().rate(s, stage(), first)
        : recipe.optimizer().rate(s - stage(), turns() * steps, first);
  }

  /** The part that each row is dealt into. */
  public int[] folds() {
    return folds;
  }

  /** A hash of the rows: the same rows in the same order have the same. */
  public String hash() {
    return BatchSampler.hash(rows, fresh);
  }

  /**
   * What is read in a step.
   *
   * @param s step of the round
   * @param step steps since the base model, which choose the noise
   * @return (M, B) sequences; as many times more where columns are asked as each row is
   */
  public Sequence[][] at(int s, long step) {
    int each = asksColumns(s) && recipe.lora() == null ? QUESTIONS : 1;
    Sequence[][] read = new Sequence[plans.length][each * batch];
    for (int m = 0; m < plans.length; m++) {
      SeededRandom noise = new SeededRandom(recipe.seed(), RandomStream.JITTER, step, m);
      boolean asks = asksColumns(s);
      long purpose = asks ? RandomStream.QUESTIONS : RandomStream.VARIATION;
      SeededRandom drawn = new SeededRandom(recipe.seed(), purpose, step, m);
      for (int b = 0; b < read[m].length; b++) {
        Sequence row = s < stage() ? pretext(m, s, b) : row(m, s, b / each, drawn);
        read[m][b] = jitters[m].apply(row, noise);
      }
    }
    return read;
  }

  private Sequence row(int member, int s, int place, SeededRandom drawn) {
    int turn = (s - stage()) / turns();
    return asksColumns(s)
        ? questions.ask(questionPlans[member][turn][place], drawn)
        : reader.read(plans[member][turn][place], learnt[member], drawn);
  }

  /** What stands in the first stage: the tasks in turn, each time all its rows in new orders. */
  private Sequence pretext(int member, int s, int place) {
    int turn = s / visit;
    Sequence[] task = pretexts[turn % pretexts.length];
    int read = s % visit * batch + place;
    SeededRandom order =
        new SeededRandom(recipe.seed(), RandomStream.PRETEXT, member, turn, read / task.length);
    return task[order.permutation(task.length)[read % task.length]];
  }
}
