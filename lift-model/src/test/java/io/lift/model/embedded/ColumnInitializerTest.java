package io.lift.model.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.ensemble.NumberEncoding;
import io.lift.model.text.TableColumn;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnInitializerTest {
  private static final int WIDTH = 8;
  private static final TableColumn FIRST = new TableColumn(0, 100, null, null, true);
  private static final TableColumn SECOND = new TableColumn(101, 100, null, null, true);

  @Test
  void eachColumnHasALineOfItsOwnAlongItsStandardDeviations() {
    float[] table = start(NumberEncoding.SMOOTH);

    double length = 0;
    for (int d = 0; d < WIDTH; d++) {
      // what the columns do not share: their own vectors and lines
      double up = apart(table, 70, d) - apart(table, 50, d);
      double down = apart(table, 50, d) - apart(table, 30, d);
      assertThat(up).isCloseTo(down, within(1e-5));
      assertThat(apart(table, 99, d)).isCloseTo(apart(table, 92, d), within(1e-5));
      length += up * up;
    }
    assertThat(length).isGreaterThan(0.1);
  }

  @Test
  void codesHaveNone() {
    float[] table = start(NumberEncoding.SMOOTH_CODES);

    double bent = 0;
    for (int d = 0; d < WIDTH; d++) {
      bent += Math.abs(apart(table, 70, d) - 2 * apart(table, 50, d) + apart(table, 30, d));
    }
    assertThat(bent).isGreaterThan(0.1);
  }

  private static float[] start(NumberEncoding reading) {
    float[] table = new float[2 * 101 * WIDTH];
    new ColumnInitializer(WIDTH, 0.5, 7, 0).fill(table, List.of(FIRST, SECOND), reading);
    return table;
  }

  private static double apart(float[] table, int place, int d) {
    return table[(FIRST.first() + place) * WIDTH + d] - table[(SECOND.first() + place) * WIDTH + d];
  }
}
