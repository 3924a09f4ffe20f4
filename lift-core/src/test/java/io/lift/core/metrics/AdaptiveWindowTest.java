package io.lift.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveWindowTest {

  @Test
  void steadyErrorsAreNotReported() {
    int reports = 0;
    for (int seed = 0; seed < 50; seed++) {
      reports += rises(new AdaptiveWindow(), new Random(seed), 0, 5_000, 0.1).size();
    }
    assertThat(reports).as("in 50 streams of 5000 rows").isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aRiseIsReportedSoonAndOnce(long seed) {
    AdaptiveWindow window = new AdaptiveWindow();
    Random random = new Random(seed);
    assertThat(rises(window, random, 0, 1500, 0.08)).isEmpty();

    List<Integer> rises = rises(window, random, 1500, 400, 0.5);

    assertThat(rises).hasSize(1);
    assertThat(rises.get(0)).isBetween(1500, 1600);
    assertThat(window.size()).isLessThan(600);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05, 0.1, 0.2, 0.3, 0.5})
  void aSteadyErrorIsReportedLessThanOnceIn10000Rows(double rate) {
    int reports = 0;
    for (int seed = 0; seed < 40; seed++) {
      reports += rises(new AdaptiveWindow(), new Random(31 * seed), 0, 10_000, rate).size();
    }
    assertThat(reports).as("in 40 streams of 10,000 rows").isLessThan(40);
  }

  @Test
  void aJumpFrom5To30PercentIsReportedWithin100Rows() {
    int soon = 0;
    for (int seed = 0; seed < 100; seed++) {
      AdaptiveWindow window = new AdaptiveWindow();
      Random random = new Random(17 * seed);
      rises(window, random, 0, 2_000, 0.05);
      soon += rises(window, random, 2_000, 100, 0.3).isEmpty() ? 0 : 1;
    }
    assertThat(soon).as("of 100 streams").isGreaterThanOrEqualTo(98);
  }

  @Test
  void aRiseSaysWhereItBegan() {
    int near = 0;
    for (int seed = 0; seed < 100; seed++) {
      AdaptiveWindow window = new AdaptiveWindow();
      Random random = new Random(seed);
      for (int i = 0; i < 1_200; i++) {
        double error = random.nextDouble() < (i < 1_000 ? 0.05 : 0.5) ? 1 : 0;
        Optional<AdaptiveWindow.Rise> rise = window.add(error, error, 10_000L + 2 * i);
        if (rise.isPresent()) {
          assertThat(rise.get().place()).isEqualTo(10_000L + 2 * (i + 1 - rise.get().rows()));
          near += Math.abs(rise.get().place() - 12_000) <= 2 * 16 ? 1 : 0;
        }
      }
    }
    assertThat(near).as("within 16 rows, of 100 streams").isGreaterThan(90);
  }

  @Test
  void aRowWithoutAPlaceTakesNoneFromAnother() {
    AdaptiveWindow window = new AdaptiveWindow();
    AdaptiveWindow.Rise rise = null;
    for (int i = 0; i < 600 && rise == null; i++) {
      rise = window.add(i < 400 ? 0 : 1, 0, null).orElse(null);
    }
    assertThat(rise.place()).isNull();
  }

  /**
   * After each check, no part of the window's rows and the rest may differ by more than the bound
   * of the paper, computed here from the rows themselves.
   */
  @Test
  void theRowsThatTheWindowKeepsHaveNoSignificantCut() {
    AdaptiveWindow window = new AdaptiveWindow();
    Random random = new Random(11);
    List<Double> errors = new ArrayList<>();
    for (int i = 1; i <= 3_000; i++) {
      double error = random.nextDouble() < (i / 700 % 2 == 0 ? 0.1 : 0.4) ? 1 : 0;
      errors.add(error);
      window.add(error, error, null);
      if (i % 8 == 0) {
        List<Double> kept = errors.subList((int) (i - window.size()), i);
        int cut = 0;
        for (AdaptiveWindow.Bucket bucket : window.state().buckets()) {
          cut += (int) bucket.count();
          assertThat(bucket.sum()).isEqualTo(sum(kept.subList(cut - (int) bucket.count(), cut)));
          if (cut >= 16 && kept.size() - cut >= 16) {
            assertThat(difference(kept, cut)).isLessThanOrEqualTo(bound(kept, cut));
          }
        }
        assertThat(cut).isEqualTo(kept.size());
      }
    }
  }

  private static double sum(List<Double> errors) {
    return errors.stream().mapToDouble(error -> error).sum();
  }

  private static double difference(List<Double> errors, int cut) {
    return Math.abs(
        sum(errors.subList(0, cut)) / cut
            - sum(errors.subList(cut, errors.size())) / (errors.size() - cut));
  }

  private static double bound(List<Double> errors, int cut) {
    double mean = sum(errors) / errors.size();
    double variance =
        errors.stream().mapToDouble(error -> (error - mean) * (error - mean)).sum() / errors.size();
    double m = 1 / (1.0 / cut + 1.0 / (errors.size() - cut));
    double confidence = Math.log(2 / (0.05 / Math.log(errors.size())));
    return 1e-12 + Math.sqrt(2 / m * variance * confidence) + 2 / (3 * m) * confidence;
  }

  @Test
  void aRiseTellsTheFiguresBeforeAndAfter() {
    AdaptiveWindow window = new AdaptiveWindow();
    AdaptiveWindow.Rise rise = null;
    for (int i = 0; i < 600 && rise == null; i++) {
      boolean wrong = i < 400 ? i % 10 == 0 : i % 2 == 0;
      rise = window.add(wrong ? 1 : 0, wrong ? 0 : 1, null).orElse(null);
    }
    assertThat(rise.before()).isBetween(0.85, 0.95);
    assertThat(rise.after()).isBetween(0.4, 0.7);
  }

  @Test
  void learningShortensTheWindowAndIsNotReported() {
    AdaptiveWindow window = new AdaptiveWindow();
    Random random = new Random(7);
    rises(window, random, 0, 1000, 0.6);

    assertThat(rises(window, random, 1000, 1000, 0.1)).isEmpty();

    assertThat(window.size()).isLessThan(1200);
  }

  @Test
  void aRestartAtAnyRowGoesOnAsIfNothingHadHappened() {
    AdaptiveWindow steady = new AdaptiveWindow();
    AdaptiveWindow restarted = new AdaptiveWindow();
    Random random = new Random(3);
    for (int i = 0; i < 3000; i++) {
      double error = random.nextDouble() < (i < 1500 ? 0.1 : 0.5) ? 1 : 0;
      assertThat(restarted.add(error, error, (long) i))
          .isEqualTo(steady.add(error, error, (long) i));
      if (i % 101 == 0) {
        restarted = AdaptiveWindow.of(restarted.state());
      }
    }
    assertThat(restarted.state()).isEqualTo(steady.state());
    assertThat(steady.state().buckets()).hasSizeLessThan(70);
  }

  private static List<Integer> rises(
      AdaptiveWindow window, Random random, int from, int rows, double rate) {
    List<Integer> rises = new ArrayList<>();
    for (int i = from; i < from + rows; i++) {
      double error = random.nextDouble() < rate ? 1 : 0;
      if (window.add(error, 1 - error, (long) i).isPresent()) {
        rises.add(i);
      }
    }
    return rises;
  }
}
