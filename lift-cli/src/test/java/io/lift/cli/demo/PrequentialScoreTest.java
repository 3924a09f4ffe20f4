package io.lift.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrequentialScoreTest {
  private final PrequentialScore score = new PrequentialScore();

  @Test
  void figuresCoverAnsweredRowsOnly() {
    // Given rows A A A B, the best reader wrong on the last
    score.sent(true, true);
    score.sent(true, true);
    score.sent(true, true);
    score.sent(false, false);

    // When all but the second are answered A
    score.answered(0, true, 1);
    score.answered(2, true, 1);
    score.answered(3, true, 1);

    // Then
    var figures = score.between(0, 4);
    assertThat(figures.answers()).isEqualTo(3);
    assertThat(figures.model()).isEqualTo(2.0 / 3);
    assertThat(figures.majority()).isEqualTo(2.0 / 3);
    assertThat(figures.best()).isEqualTo(2.0 / 3);
  }

  @Test
  void aSecondAnswerToARowDoesNotCount() {
    score.sent(true, true);
    score.answered(0, false, 1);
    score.answered(0, true, 1);

    assertThat(score.answers()).isEqualTo(1);
    assertThat(score.between(0, 1).model()).isZero();
  }

  @Test
  void theNewestRowsAreThoseAnsweredLast() {
    for (int row = 0; row < 10; row++) {
      score.sent(true, true);
      score.answered(row, row >= 6, 1);
    }

    assertThat(score.newest(4).model()).isEqualTo(1);
    assertThat(score.newest(8).model()).isEqualTo(0.5);
    assertThat(score.newest(100).answers()).isEqualTo(10);
  }

  @Test
  void quantilesOfLatenciesAreThoseOfTheSortedList() {
    for (int row = 0; row < 100; row++) {
      score.sent(true, true);
      score.answered(row, true, 100 - row);
    }

    assertThat(score.latency(0.5)).isEqualTo(51);
    assertThat(score.latency(0.99)).isEqualTo(100);
  }

  @Test
  void nothingAnsweredIsNoFigure() {
    score.sent(true, true);

    assertThat(score.between(0, 1).model()).isNaN();
    assertThat(score.latency(0.5)).isNaN();
    assertThat(score.newest(5).answers()).isZero();
  }
}
