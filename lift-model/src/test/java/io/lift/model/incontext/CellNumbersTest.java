package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CellNumbersTest {
  private static final int[][] CONTEXT = {{50, 0}, {60, 2}, {70, 0}, {80, 2}, {90, 1}};
  private static final int[] CATEGORIES = {0, 3};

  @Test
  void positionsAreNumbersAndCategoriesSeenTwiceAreColumnsOfTheirOwn() {
    CellNumbers numbers = CellNumbers.of(CATEGORIES, CONTEXT);
    assertThat(numbers.of(new int[] {55, 0})).containsExactly(55, 1, 0);
    assertThat(numbers.of(new int[] {55, 2})).containsExactly(55, 0, 1);
    assertThat(numbers.of(new int[] {55, 1})).containsExactly(55, 0, 0);
  }

  @Test
  void missingCellsAreNaN() {
    CellNumbers numbers = CellNumbers.of(CATEGORIES, CONTEXT);
    assertThat(numbers.of(new int[] {-1, -1})).containsExactly(Double.NaN, Double.NaN, Double.NaN);
  }
}
