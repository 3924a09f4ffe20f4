package io.lift.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdaptiveQuantileTest {
  @Test
  void ofNineScoresNoneIsAboveTheLargestAtNinetyPercent() {
    AdaptiveQuantile quantile = new AdaptiveQuantile(0.9, 100, 9, 0);
    for (int score = 1; score <= 9; score++) {
      quantile.add(score);
    }

    assertThat(quantile.threshold()).isEqualTo(9);
  }

  @Test
  void thereIsNoThresholdBeforeTheWarmUp() {
    AdaptiveQuantile quantile = new AdaptiveQuantile(0.9, 100, 2, 0);
    quantile.add(1);

    assertThat(quantile.ready()).isFalse();
    assertThatThrownBy(quantile::threshold).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void itIsWhatTheFormulasOfThePaperGive() {
    Random random = new Random(1);
    double coverage = 0.8;
    double rate = 0.02;
    AdaptiveQuantile quantile = new AdaptiveQuantile(coverage, 60, 20, rate);
    List<Double> window = new ArrayList<>();
    double level = 1 - coverage;
    for (int i = 0; i < 3_000; i++) {
      double score = Math.rint(random.nextGaussian() * (i < 1_500 ? 10 : 40)); // with ties
      if (window.size() >= 20) {
        List<Double> sorted = window.stream().sorted().toList();
        double rank = (1 - level) * (sorted.size() + 1);
        rank = Math.max(1, Math.min(sorted.size(), rank));
        int below = (int) Math.floor(rank + 1e-9);
        double lower = sorted.get(below - 1);
        double upper = sorted.get(Math.min(sorted.size(), below + 1) - 1);
        double threshold = lower + Math.max(0, rank - below) * (upper - lower);
        assertThat(quantile.threshold()).isCloseTo(threshold, within(1e-6));
        level += rate * (1 - coverage - (score > quantile.threshold() ? 1 : 0));
        level = Math.max(0, Math.min(1, level));
      }
      quantile.add(score);
      window.add(score);
      if (window.size() > 60) {
        window.remove(0);
      }
    }
    assertThat(quantile.level()).isCloseTo(level, within(1e-12));
  }

  @Test
  void betweenTwoRanksTheThresholdIsBetweenTheirScores() {
    AdaptiveQuantile quantile = new AdaptiveQuantile(0.9, 100, 9, 0);
    for (int score = 1; score <= 14; score++) {
      quantile.add(10 * score);
    }

    assertThat(quantile.threshold()).isCloseTo(135, within(1e-9)); // the 13.5th
  }

  @Test
  void anotherCoverageHoldsAtOnce() {
    AdaptiveQuantile quantile = new AdaptiveQuantile(0.9, 100, 9, 0);
    for (int score = 1; score <= 99; score++) {
      quantile.add(score);
    }
    assertThat(quantile.threshold()).isEqualTo(90);

    quantile.setCoverage(0.5);

    assertThat(quantile.threshold()).isEqualTo(50);
  }
}
