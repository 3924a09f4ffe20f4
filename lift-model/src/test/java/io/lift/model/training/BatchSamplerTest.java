package io.lift.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BatchSamplerTest {
  /** 90 rows of label 0, 8 of label 1, 2 of label 2; the last 50 are rehearsed. */
  private static final int[] LABELS = new int[100];

  static {
    Arrays.fill(LABELS, 20, 28, 1);
    LABELS[5] = 2;
    LABELS[95] = 2;
  }

  @Test
  void labelsAreReadEquallyOftenHoweverRareTheyAre() {
    int[][] plan = balanced(20, 30);

    assertThat(counts(plan)).containsExactly(200, 200, 200);
    assertThat(balanced(20, 30)).isDeepEqualTo(plan);
    assertThat(counts(plain(20, 30))[2]).isLessThan(40);
  }

  @Test
  void everyFreshRowIsReadInABalancedPlanToo() {
    int[][] plan = balanced(6, 10);

    assertThat(Arrays.stream(plan).flatMapToInt(Arrays::stream).distinct().filter(r -> r < 50))
        .hasSize(50);
    // 50 fresh rows first: 41 of label 0, 8 of label 1, 1 of label 2; the last 10 go to the rare
    assertThat(counts(plan)).containsExactly(41, 10, 9);
  }

  @Test
  void theRowsOfALabelAreReadEquallyOften() {
    int[] reads = new int[LABELS.length];
    Arrays.stream(balanced(20, 30)).flatMapToInt(Arrays::stream).forEach(row -> reads[row]++);

    // of label 1, eight fresh rows: 200 reads are 25 each
    assertThat(Arrays.copyOfRange(reads, 20, 28)).containsOnly(25);
    // of label 2, a fresh one and a rehearsed one: three times as often
    assertThat(reads[5]).isBetween(149, 152);
  }

  private static int[][] balanced(int steps, int batch) {
    return BatchSampler.balanced(
        new int[LABELS.length], LABELS, 50, 3, steps, batch, new SeededRandom(1));
  }

  private static int[][] plain(int steps, int batch) {
    return BatchSampler.of(new int[LABELS.length], 50, 3, steps, batch, new SeededRandom(1));
  }

  private static int[] counts(int[][] plan) {
    int[] counts = new int[3];
    Arrays.stream(plan).flatMapToInt(Arrays::stream).forEach(row -> counts[LABELS[row]]++);
    return counts;
  }
}
