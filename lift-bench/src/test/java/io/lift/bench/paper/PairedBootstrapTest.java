package io.lift.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.cli.eval.AnsweredRow;
import io.lift.core.answer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {

  /** Of two rows, 1 and 0, a resample has the mean 0, 1/2 or 1 with probability 1/4, 1/2, 1/4. */
  @Test
  void twoRowsGiveTheWholeRange() {
    PairedBootstrap.Interval interval = PairedBootstrap.of(List.of(new double[] {1, 0}), 2_000);

    assertThat(interval).isEqualTo(new PairedBootstrap.Interval(0.5, 0, 1));
    assertThat(interval.isNoise()).isTrue();
  }

  @Test
  void equalDifferencesHaveNoSpread() {
    PairedBootstrap.Interval interval =
        PairedBootstrap.of(List.of(new double[] {0.5, 0.5}, new double[] {0.25}), 100);

    assertThat(interval).isEqualTo(new PairedBootstrap.Interval(0.375, 0.375, 0.375));
    assertThat(interval.isNoise()).isFalse();
  }

  /**
   * 400 rows of one set, 60 better and 20 worse: the mean is 0.1, its standard error sqrt((80 / 400
   * - 0.01) / 400) = 0.02179. A second set of 100 rows has 5 better and 5 worse: 0 and sqrt(0.1 /
   * 100) = 0.03162. The mean of both is 0.05 with a standard error of sqrt(0.02179^2 + 0.03162^2) /
   * 2 = 0.01920, so the interval is 0.05 - 0.0376 to 0.05 + 0.0376.
   */
  @Test
  void manyRowsGiveTheIntervalOfANormalDistribution() {
    PairedBootstrap.Interval interval =
        PairedBootstrap.of(List.of(rows(400, 60, 20), rows(100, 5, 5)), 20_000);

    assertThat(interval.difference()).isCloseTo(0.05, within(1e-12));
    assertThat(interval.low()).isCloseTo(0.0124, within(0.002));
    assertThat(interval.high()).isCloseTo(0.0876, within(0.002));
    assertThat(interval.isNoise()).isFalse();
  }

  @Test
  void aRowIsAveragedOverTheRunsFirst() {
    List<RowScores> lift = List.of(scores("aab"), scores("abb"));
    List<RowScores> other = List.of(scores("bbb"), scores("bbb"));

    // the truth is a: Lift has row 1 right twice, row 2 once and row 3 never
    assertThat(Difference.ofRows(lift, other)).containsExactly(1, 0.5, 0);
    assertThat(lift.get(0).hasRowsOf(other.get(0))).isTrue();
    assertThat(lift.get(0).hasRowsOf(scores("aabb"))).isFalse();
  }

  @Test
  void aSetWithoutRowsHasNoInterval() {
    assertThatThrownBy(() -> PairedBootstrap.of(List.of(new double[0]), 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double[] rows(int count, int better, int worse) {
    return DoubleStream.concat(
            DoubleStream.concat(
                DoubleStream.generate(() -> 1).limit(better),
                DoubleStream.generate(() -> -1).limit(worse)),
            DoubleStream.generate(() -> 0).limit(count - better - worse))
        .toArray();
  }

  /** Rows whose truth is always a. */
  private static RowScores scores(String answers) {
    List<AnsweredRow> rows = new ArrayList<>();
    for (String label : answers.split("")) {
      rows.add(new AnsweredRow("a", Answer.ofLabels(label, Map.of(label, 1.0))));
    }
    return RowScores.of(rows);
  }
}
