package io.lift.model.committee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
}
