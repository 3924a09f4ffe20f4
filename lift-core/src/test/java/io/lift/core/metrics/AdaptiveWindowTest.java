package io.lift.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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

  @Test
  void aRiseTellsTheFiguresBeforeAndAfter() {
    AdaptiveWindow window = new AdaptiveWindow();
    AdaptiveWindow.Rise rise = null;
    for (int i = 0; i < 600 && rise == null; i++) {
      boolean wrong = i < 400 ? i % 10 == 0 : i % 2 == 0;
      rise = window.add(wrong ? 1 : 0, wrong ? 0 : 1).orElse(null);
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
      assertThat(restarted.add(error, error)).isEqualTo(steady.add(error, error));
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
      if (window.add(error, 1 - error).isPresent()) {
        rises.add(i);
      }
    }
    return rises;
  }
}
