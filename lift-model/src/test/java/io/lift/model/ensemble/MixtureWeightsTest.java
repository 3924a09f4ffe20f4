package io.lift.model.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MixtureWeightsTest {

  @Test
  void theBetterNumberEncodingHasMoreWeightAndFewRowsProveLittle() {
    double[][] many = new double[2000][];
    Arrays.fill(many, new double[] {0.9, 0.3});
    assertThat(MixtureWeights.weights(many, MixtureWeights.prior(2))[0]).isGreaterThan(0.95);
    double[][] few = new double[5][];
    Arrays.fill(few, new double[] {0.9, 0.3});
    assertThat(MixtureWeights.weights(few, MixtureWeights.prior(2))[0]).isBetween(0.5, 0.6);
    assertThat(MixtureWeights.weights(new double[0][], MixtureWeights.prior(2)))
        .containsExactly(0.5, 0.5);
  }

  @Test
  void weightsAreThoseOfTheMixtureThatTheRowsWereDrawnFrom() {
    // two components that are right on different rows: 70 % of the rows are of the first kind
    double[][] rows = new double[4000][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i % 10 < 7 ? new double[] {0.98, 0.02} : new double[] {0.02, 0.98};
    }
    // the likeliest weight w solves .7 * .96 / (.02 + .96 w) = .3 * .96 / (.98 - .96 w)
    double likeliest = (0.7 * 0.98 - 0.3 * 0.02) / 0.96;
    assertThat(MixtureWeights.weights(rows, MixtureWeights.prior(2))[0])
        .isCloseTo(likeliest, within(0.01));
  }

  @Test
  void withFewRowsThePriorFavoursTheInContextModel() {
    double[] few = MixtureWeights.prior(3, 20);
    assertThat(Arrays.stream(few).sum()).isCloseTo(60, within(1e-9));
    assertThat(few[3]).isGreaterThan(60 * 0.7);
    assertThat(few[0]).isEqualTo(few[2]).isPositive();
    double[] many = MixtureWeights.prior(3, 5000);
    assertThat(many[3]).isCloseTo(15, within(0.01));
    assertThat(MixtureWeights.prior(3)).containsExactly(20, 20, 20);

    // rows that say the opposite are believed as soon as there are enough of them
    double[][] against = new double[500][];
    Arrays.fill(against, new double[] {0.9, 0.9, 0.9, 0.2});
    assertThat(MixtureWeights.weights(against, many)[3]).isLessThan(0.05);
    assertThat(MixtureWeights.weights(Arrays.copyOf(against, 20), few)[3]).isGreaterThan(0.5);
  }
}
