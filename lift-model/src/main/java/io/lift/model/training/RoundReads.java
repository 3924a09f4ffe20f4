package io.lift.model.training;

import io.lift.model.committee.Committee;
import io.lift.model.committee.Folds;
import io.lift.model.random.Purpose;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What each member of a committee reads in each step of a round: its own order of the rows that it
 * may learn, with its own noise. A function of the rows, the recipe and the round's number.
 */
public final class RoundReads {
  private final Sequence[] rows;
  private final int fresh;
  private final Committee committee;
  private final TrainingRecipe recipe;
  private final int[] folds;
  private final int batch;
  private final int steps;
  private final int[][][] plans; // (M, steps, B)
  private final Jitter[] jitters; // (M)

  /**
   * @param rows fresh rows first, then rehearsed ones
   * @param fresh how many are fresh, at least one
   * @param codes the columns that some readings take as codes, by the tokens of their place 0
   * @param round completed rounds before this one
   */
  public RoundReads(
      Sequence[] rows,
      int fresh,
      Committee committee,
      TrainingRecipe recipe,
      Set<Integer> codes,
      long round) {
    this.rows = rows;
    this.fresh = fresh;
    this.committee = committee;
    this.recipe = recipe;
    folds = Folds.of(rows, fresh);
    batch = Math.min(recipe.batch(), rows.length);
    int learnt = committee.holdsOut() ? Committee.learntOf(fresh) : fresh;
    steps = Math.max(recipe.steps(learnt, round == 0), (fresh + batch - 1) / batch);
    plans = new int[committee.size()][][];
    jitters = new Jitter[committee.size()];
    for (int m = 0; m < committee.size(); m++) {
      Committee.Member member = committee.members().get(m);
      plans[m] = plan(member, new SeededRandom(recipe.seed(), Purpose.ORDER, round, m));
      jitters[m] =
          new Jitter(
              recipe.noise() * member.reading().jitter(rows.length),
              recipe.noise() * member.reading().targetJitter(rows.length),
              member.reading().codes() ? codes : Set.of());
    }
  }

  /** A member's own order, without the rows that it holds out: (steps, B). */
  private int[][] plan(Committee.Member member, SeededRandom random) {
    int[] own = IntStream.range(0, rows.length).filter(i -> member.learns(folds[i])).toArray();
    if (own.length == 0) {
      own = IntStream.range(0, rows.length).toArray(); // there is nothing else to learn
    }
    int[] lengths = IntStream.of(own).map(i -> rows[i].length()).toArray();
    int ownFresh = (int) IntStream.of(own).filter(i -> i < fresh).count();
    int[][] plan = RoundPlan.of(lengths, ownFresh, recipe.freshWeight(), steps, batch, random);
    for (int[] step : plan) {
      for (int b = 0; b < step.length; b++) {
        step[b] = own[step[b]];
      }
    }
    return plan;
  }

  /** Steps of the round. */
  public int steps() {
    return steps;
  }

  /** The part that each row is dealt into. */
  public int[] folds() {
    return folds;
  }

  /** A hash of the rows: the same rows in the same order have the same. */
  public String hash() {
    return RoundPlan.hash(rows, fresh);
  }

  /**
   * What is read in a step.
   *
   * @param s step of the round
   * @param step steps since the base model, which choose the noise
   * @return (M, B) sequences
   */
  public Sequence[][] at(int s, long step) {
    Sequence[][] read = new Sequence[plans.length][batch];
    for (int m = 0; m < plans.length; m++) {
      SeededRandom noise = new SeededRandom(recipe.seed(), Purpose.JITTER, step, m);
      for (int b = 0; b < batch; b++) {
        read[m][b] = jitters[m].apply(rows[plans[m][s][b]], noise);
      }
    }
    return read;
  }
}
