package io.lift.bench.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyntheticTablesTest {
  private static final int TABLES = 300;
  private static final int ROWS = 80;
  private static final int FIRST = 40;

  private static SyntheticTable table(long seed) {
    return SyntheticTables.draw(new SeededRandom(seed), ROWS, FIRST, 12, 6);
  }

  @Test
  void tablesHaveTheShapesThatAreAskedFor() {
    Set<Integer> widths = new HashSet<>();
    Set<Integer> kinds = new HashSet<>();
    for (int t = 0; t < TABLES; t++) {
      SyntheticTable table = table(t);
      assertThat(table.features()).hasDimensions(ROWS, table.features()[0].length);
      assertThat(table.classes()).isBetween(2, 6);
      assertThat(table.labels()).hasSize(ROWS);
      for (int r = 0; r < ROWS; r++) {
        assertThat(table.labels()[r]).isBetween(0, table.classes() - 1);
        for (double x : table.features()[r]) {
          assertThat(Double.isInfinite(x)).isFalse();
        }
      }
      widths.add(table.features()[0].length);
      kinds.add(table.classes());
    }
    assertThat(widths).contains(1, 2, 5, 12);
    assertThat(kinds).containsExactlyInAnyOrder(2, 3, 4, 5, 6);
  }

  @Test
  void theSameRandomNumbersMakeTheSameTable() {
    for (int t = 0; t < 30; t++) {
      // missing numbers are NaN, which deepEquals takes as equal
      assertThat(Arrays.deepEquals(table(t).features(), table(t).features())).isTrue();
      assertThat(table(t).labels()).isEqualTo(table(t).labels());
    }
    assertThat(table(1).features()).isNotEqualTo(table(2).features());
  }

  @Test
  void rowsInContextHaveTwoLabelsAndOftenMore() {
    double commonest = 0;
    for (int t = 0; t < TABLES; t++) {
      SyntheticTable table = table(t);
      int[] counts = new int[table.classes()];
      Arrays.stream(table.labels(), 0, FIRST).forEach(label -> counts[label]++);
      int most = Arrays.stream(counts).max().orElseThrow();
      assertThat(most).isLessThan(FIRST);
      commonest += most / (double) FIRST / TABLES;
    }
    assertThat(commonest).isBetween(0.4, 0.75);
  }

  @Test
  void labelsFollowFromTheColumns() {
    double gained = 0;
    for (int t = 0; t < TABLES; t++) {
      SyntheticTable table = table(t);
      int nearest = 0;
      int commonest = 0;
      int[] counts = new int[table.classes()];
      Arrays.stream(table.labels(), 0, FIRST).forEach(label -> counts[label]++);
      int most = Arrays.stream(counts).max().orElseThrow();
      for (int r = FIRST; r < ROWS; r++) {
        nearest += table.labels()[nearest(table, r)] == table.labels()[r] ? 1 : 0;
        commonest += counts[table.labels()[r]] == most ? 1 : 0;
      }
      gained += (nearest - commonest) / (double) (ROWS - FIRST) / TABLES;
    }
    assertThat(gained).isGreaterThan(0.03); // one nearest row, columns as they come
  }

  private static int nearest(SyntheticTable table, int row) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int r = 0; r < FIRST; r++) {
      double sum = 0;
      for (int c = 0; c < table.features()[0].length; c++) {
        double d = table.features()[r][c] - table.features()[row][c];
        sum += Double.isNaN(d) ? 1 : d * d;
      }
      if (sum < least) {
        least = sum;
        best = r;
      }
    }
    return best;
  }
}
