package io.lift.model.committee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WeighingTest {

  @Test
  void theReadingThatKnowsBetterWeighsMoreAndFewRowsProveLittle() {
    double[][] many = new double[2000][];
    Arrays.fill(many, new double[] {0.9, 0.3});
    assertThat(Weighing.weights(many, 2)[0]).isGreaterThan(0.95);
    double[][] few = new double[5][];
    Arrays.fill(few, new double[] {0.9, 0.3});
    assertThat(Weighing.weights(few, 2)[0]).isBetween(0.5, 0.6);
    assertThat(Weighing.weights(new double[0][], 2)).containsExactly(0.5, 0.5);
  }

  @Test
  void weightsAreThoseOfTheMixtureThatTheRowsWereDrawnFrom() {
    // two readings that are right on different rows: 70 % of the rows are of the first kind
    double[][] rows = new double[4000][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i % 10 < 7 ? new double[] {0.98, 0.02} : new double[] {0.02, 0.98};
    }
    // the likeliest weight w solves .7 * .96 / (.02 + .96 w) = .3 * .96 / (.98 - .96 w)
    double likeliest = (0.7 * 0.98 - 0.3 * 0.02) / 0.96;
    assertThat(Weighing.weights(rows, 2)[0]).isCloseTo(likeliest, within(0.01));
  }

  @Test
  void theTemperatureUndoesWhatMadeTheProbabilitiesTooSure() {
    SeededRandom random = new SeededRandom(4);
    double[][] tooSure = new double[4000][];
    int[] truths = new int[tooSure.length];
    for (int i = 0; i < tooSure.length; i++) {
      double p = 0.1 + 0.8 * random.uniform();
      truths[i] = random.uniform() < p ? 0 : 1;
      tooSure[i] = Weighing.tempered(new double[] {p, 1 - p}, 0.5); // twice as sure as is true
    }
    assertThat(Weighing.temperature(tooSure, truths)).isCloseTo(2, within(0.25));
  }

  @Test
  void temperedProbabilitiesAddUpToOneAndKeepTheirOrder() {
    double[] tempered = Weighing.tempered(new double[] {0.7, 0.2, 0.1}, 2);
    assertThat(Arrays.stream(tempered).sum()).isCloseTo(1, within(1e-12));
    double[] roots = {Math.sqrt(0.7), Math.sqrt(0.2), Math.sqrt(0.1)};
    assertThat(tempered[0]).isCloseTo(roots[0] / (roots[0] + roots[1] + roots[2]), within(1e-12));
  }
}
