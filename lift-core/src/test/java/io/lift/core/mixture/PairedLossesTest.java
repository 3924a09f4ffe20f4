package io.lift.core.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedLossesTest {

  @Test
  void aPredictorThatIsALittleWorseOnEachRowIsFoundAfter200Rows() {
    PairedLosses losses = new PairedLosses();
    for (int row = 1; row < 200; row++) {
      assertThat(losses.add(0.6, 0.7 + 0.001 * (row % 2))).isFalse();
    }
    assertThat(losses.add(0.6, 0.7)).isTrue();
    assertThat(losses.rows()).isEqualTo(200);
    assertThat(losses.loss()).isCloseTo(-Math.log(0.6), within(1e-12));
    assertThat(losses.earlierLoss()).isCloseTo(-Math.log(0.7), within(1e-3));
  }

  @Test
  void theAnswerIsThatOfATestComputedFromTheRowsThemselves() {
    Random random = new Random(5);
    int found = 0;
    for (int stream = 0; stream < 60; stream++) {
      double worse = 0.02 * (stream % 6) - 0.06;
      PairedLosses losses = new PairedLosses();
      List<Double> differences = new ArrayList<>();
      for (int row = 1; row <= 1_600; row++) {
        double earlier = 0.2 + 0.7 * random.nextDouble();
        double own = Math.max(0.05, Math.min(1, earlier - worse + 0.1 * random.nextGaussian()));
        differences.add(Math.log(earlier) - Math.log(own));
        boolean expected = List.of(200, 400, 800, 1_600).contains(row) && significant(differences);
        assertThat(losses.add(own, earlier)).isEqualTo(expected);
        found += expected ? 1 : 0;
      }
    }
    assertThat(found).isBetween(20, 200);
  }

  private static boolean significant(List<Double> differences) {
    int n = differences.size();
    double mean = differences.stream().mapToDouble(d -> d).sum() / n;
    double variance =
        differences.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum() / (n - 1);
    return mean > 3 * Math.sqrt(variance / n);
  }

  @Test
  void equalPredictorsAreHardlyEverFoundToDiffer() {
    int found = 0;
    for (int stream = 0; stream < 200; stream++) {
      Random random = new Random(stream);
      PairedLosses losses = new PairedLosses();
      boolean worse = false;
      for (int row = 0; row < 12_800; row++) {
        worse |= losses.add(0.1 + 0.9 * random.nextDouble(), 0.1 + 0.9 * random.nextDouble());
      }
      found += worse ? 1 : 0;
    }
    assertThat(found).as("of 200 streams of 12,800 rows").isLessThan(8);
  }

  @Test
  void oneRowThatWasHeldImpossibleDecidesNothing() {
    PairedLosses losses = new PairedLosses();
    boolean worse = false;
    for (int row = 0; row < 200; row++) {
      worse |= losses.add(row == 7 ? 0 : 0.6, 0.6);
    }
    assertThat(worse).isFalse();
    assertThat(losses.loss()).isFinite();
  }

  @Test
  void aRestartGoesOnAsIfNothingHadHappened() {
    PairedLosses steady = new PairedLosses();
    PairedLosses restarted = new PairedLosses();
    Random random = new Random(1);
    for (int row = 0; row < 300; row++) {
      double own = random.nextDouble();
      double earlier = random.nextDouble();
      assertThat(restarted.add(own, earlier)).isEqualTo(steady.add(own, earlier));
      restarted = PairedLosses.of(restarted.state());
    }
    assertThat(restarted.state()).isEqualTo(steady.state());
  }
}
