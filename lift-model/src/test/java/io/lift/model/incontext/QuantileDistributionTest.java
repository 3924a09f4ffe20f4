package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantileDistributionTest {
  /** Of a logistic distribution, whose tails are exponential. */
  private static double[] logistic(double center, double scale) {
    return IntStream.range(0, Quantiles.COUNT)
        .mapToDouble(Quantiles::level)
        .map(p -> center + scale * Math.log(p / (1 - p)))
        .toArray();
  }

  @Test
  void theShareBelowANumberIsThatOfTheDistributionAlsoInItsTails() {
    QuantileDistribution distribution = new QuantileDistribution(logistic(10, 2));
    for (double x = -10; x <= 30; x += 0.25) {
      assertThat(distribution.below(x)).isCloseTo(1 / (1 + Math.exp((10 - x) / 2)), within(0.005));
    }
    assertThat(distribution.below(-20)).isLessThan(distribution.below(-10));
  }

  @Test
  void theProbabilitiesOfCellsSumToOneAndTheOuterOnesHaveTheRest() {
    double[] cells = new QuantileDistribution(logistic(50, 3)).cells(100);
    assertThat(Arrays.stream(cells).sum()).isCloseTo(1, within(1e-9));
    assertThat(cells[50]).isCloseTo(1 / (4 * 3.0), within(0.01));
    double[] beyond = new QuantileDistribution(logistic(-300, 1)).cells(100);
    assertThat(beyond[0]).isCloseTo(1, within(1e-9));
  }

  @Test
  void quantilesThatCrossOrCoincideAreADistributionAsWell() {
    double[] same = new double[Quantiles.COUNT];
    Arrays.fill(same, 42);
    assertThat(new QuantileDistribution(same).cells(100)[42]).isCloseTo(1, within(1e-9));
    double[] falling = logistic(50, 3);
    double[] turned =
        IntStream.range(0, falling.length)
            .mapToDouble(i -> falling[falling.length - 1 - i])
            .toArray();
    assertThat(new QuantileDistribution(turned).cells(100))
        .containsExactly(new QuantileDistribution(falling).cells(100));
  }
}
