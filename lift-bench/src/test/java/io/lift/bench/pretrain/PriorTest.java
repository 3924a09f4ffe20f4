package io.lift.bench.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PriorTest {
  private static final int TABLES = 150;
  private static final int ROWS = 80;
  private static final int LABELLED = 40;
  private static final int COLUMNS = 6;

  private static PriorTable table(long seed, int classes) {
    return Prior.draw(new SeededRandom(seed), ROWS, LABELLED, COLUMNS, classes);
  }

  @Test
  void classificationsHaveTheShapesThatAreAskedFor() {
    Set<Integer> kinds = new HashSet<>();
    boolean missing = false;
    boolean categories = false;
    for (int t = 0; t < TABLES; t++) {
      PriorTable table = table(t, 6);
      assertThat(table.numbers()).isNull();
      assertThat(table.labels()).hasSize(ROWS);
      assertThat(table.columns().length).isBetween(1, COLUMNS);
      assertThat(Arrays.stream(table.labels()).max().orElseThrow()).isLessThan(table.classes());
      assertThat(Arrays.stream(table.labels(), 0, LABELLED).distinct().count()).isGreaterThan(1);
      kinds.add(table.classes());
      for (int c = 0; c < table.columns().length; c++) {
        categories |= table.categories()[c];
        for (double x : table.columns()[c]) {
          missing |= Double.isNaN(x);
          assertThat(Double.isInfinite(x)).isFalse();
        }
      }
    }
    assertThat(kinds).containsExactlyInAnyOrder(2, 3, 4, 5, 6);
    assertThat(missing).isTrue();
    assertThat(categories).isTrue();
  }

  @Test
  void regressionsHaveFiniteNumbersThatVary() {
    for (int t = 0; t < TABLES; t++) {
      PriorTable table = table(t, 0);
      assertThat(table.labels()).isNull();
      assertThat(Arrays.stream(table.numbers()).allMatch(Double::isFinite)).isTrue();
      assertThat(Arrays.stream(table.numbers(), 0, LABELLED).distinct().count()).isGreaterThan(1);
    }
  }

  @Test
  void theSameRandomNumbersMakeTheSameTable() {
    for (int t = 0; t < 20; t++) {
      for (int classes : new int[] {0, 6}) {
        PriorTable one = table(t, classes);
        PriorTable two = table(t, classes);
        assertThat(Arrays.deepEquals(one.columns(), two.columns())).isTrue();
        assertThat(one.labels()).isEqualTo(two.labels());
        assertThat(one.numbers()).isEqualTo(two.numbers());
      }
    }
  }

  @Test
  void tablesThatNobodyCouldPredictAreToldFromOthers() {
    int noise = 0;
    int thresholds = 0;
    for (int t = 0; t < 40; t++) {
      SeededRandom random = new SeededRandom(t);
      double[][] columns = new double[3][ROWS];
      int[] any = new int[ROWS];
      int[] above = new int[ROWS];
      for (int r = 0; r < ROWS; r++) {
        for (double[] column : columns) {
          column[r] = random.gaussian();
        }
        any[r] = random.uniform() < 0.5 ? 0 : 1;
        above[r] = Math.abs(columns[1][r]) > 0.7 ? 1 : 0;
      }
      boolean[] numbers = new boolean[3];
      noise += learnable(new PriorTable(columns, numbers, any, 2, null), t);
      thresholds += learnable(new PriorTable(columns, numbers, above, 2, null), t);
    }
    assertThat(noise).isLessThan(10);
    assertThat(thresholds).isGreaterThan(35);
  }

  private static int learnable(PriorTable table, long seed) {
    return Learnable.isLearnable(table, new SeededRandom(seed, 1)) ? 1 : 0;
  }

  @Test
  void aBatchHidesSlotsWithoutLabelledRowsAndScalesNumbersByThem() {
    TableBatch labels = TableBatch.draw(1, 2, 0, new TableBatch.Size(6, 30, 20, 4, 10));
    for (int t = 0; t < 6; t++) {
      int table = t;
      long open = IntStream.range(0, 10).filter(k -> labels.closed()[table * 10 + k] == 0).count();
      assertThat(open).isBetween(2L, 10L);
      for (int q = 0; q < 20; q++) {
        int at = t * 20 + q;
        boolean known = labels.closed()[t * 10 + (int) labels.slots()[at]] == 0;
        assertThat(labels.weights()[at]).isEqualTo(known ? 1 : 0);
      }
    }
    TableBatch numbers = TableBatch.draw(1, 2, 1, new TableBatch.Size(6, 30, 20, 4, 0));
    for (float y : numbers.numbers()) {
      assertThat(y).isBetween(-6f, 6f);
    }
  }
}
