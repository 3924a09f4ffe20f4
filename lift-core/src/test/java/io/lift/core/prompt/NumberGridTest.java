package io.lift.core.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.task.NumberScale;
import io.lift.core.task.NumberStats;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NumberGridTest {
  private static final NumberGrid GRID = NumberGrid.ofFeature(new NumberStats(10, 10, 2, 0, 20, 0));

  @Test
  void aFeatureStandsFiftyForItsMeanAndMovesFiftyInThreeDeviations() {
    for (double z = -4; z <= 4; z += 0.013) {
      long expected = Math.max(0, Math.min(99, Math.round(50 + 50 * z / 3)));
      assertThat(GRID.encode(10 + 2 * z)).as("z=" + z).isEqualTo((int) expected);
    }
    assertThat(GRID.encode(Double.MAX_VALUE)).isEqualTo(99);
    assertThat(GRID.encode(-Double.MAX_VALUE)).isZero();
  }

  @Test
  void aConstantFeatureStandsInTheMiddle() {
    NumberGrid constant = NumberGrid.ofFeature(new NumberStats(10, 7, 0, 7, 7, 0));

    assertThat(constant.encode(7)).isEqualTo(50);
    assertThat(constant.encode(1e9)).isEqualTo(50);
    assertThat(constant.decode(50)).isEqualTo(7);
  }

  @Test
  void cellsAndValuesAgree() {
    for (int cell = 0; cell < NumberGrid.SIZE; cell++) {
      assertThat(GRID.encode(GRID.decode(cell))).isEqualTo(cell);
      assertThat(GRID.encode(GRID.edge(cell) + 1e-9)).isEqualTo(cell);
      assertThat(GRID.encode(GRID.edge(cell + 1) - 1e-9)).isEqualTo(cell);
    }
  }

  @Test
  void aTargetsGridCoversTheValuesSeenAndATenthMore() {
    NumberGrid grid = NumberGrid.ofTarget(new NumberStats(10, 5, 5, 0, 20, 0));

    assertThat(grid.edge(0)).isCloseTo(-2, within(1e-9));
    assertThat(grid.edge(100)).isCloseTo(22, within(1e-9));
  }

  @Test
  void anOutlierDoesNotStretchATargetsGridBeyondFourDeviations() {
    NumberGrid grid = NumberGrid.ofTarget(new NumberStats(1000, 5, 5, 0, 1000, 0));

    assertThat(grid.edge(0)).isCloseTo(-15, within(1e-9));
    assertThat(grid.edge(100)).isCloseTo(25, within(1e-9));
  }

  @Test
  void aFeatureOverSixDecadesUsesTheWholeGrid() {
    NumberScale scale = new NumberScale(0, 2, 6.5, 3.9);
    NumberGrid grid = NumberGrid.ofFeature(new NumberStats(300, 70_000, 200_000, 1, 1e6, 2, scale));

    int before = -1;
    for (double value = 1; value <= 1e6; value *= 10) {
      assertThat(grid.encode(value)).isGreaterThan(before + 3);
      before = grid.encode(value);
    }
    for (int cell = 0; cell < NumberGrid.SIZE; cell++) {
      assertThat(grid.encode(grid.decode(cell))).isEqualTo(cell);
    }
  }

  @Test
  void quantilesAreLinearInsideCells() {
    NumberGrid grid = NumberGrid.between(0, 100);
    double[] p = new double[100];
    p[10] = 0.5;
    p[20] = 0.5;

    assertThat(grid.quantile(p, 0.25)).isCloseTo(10.5, within(1e-9));
    assertThat(grid.quantile(p, 0.5)).isCloseTo(11, within(1e-9));
    assertThat(grid.quantile(p, 0.75)).isCloseTo(20.5, within(1e-9));
    assertThat(grid.quantile(p, 1)).isCloseTo(21, within(1e-9));
    assertThat(grid.quantile(p, 0)).isCloseTo(10, within(1e-9));
  }

  @Test
  void probabilitiesThatRoundingLeftShortOfOneStillHaveQuantiles() {
    double[] p = new double[100];
    Arrays.fill(p, 0.0099999);

    assertThat(NumberGrid.between(0, 100).quantile(p, 1)).isCloseTo(100, within(1e-9));
  }
}
