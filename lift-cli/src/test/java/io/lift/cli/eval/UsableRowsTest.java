package io.lift.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.cli.task.TaskProposal;
import io.lift.core.task.TaskSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsableRowsTest {

  @Test
  void rowsThatCannotBeUsedAreLeftOutAndCounted() {
    List<Map<String, String>> train = rows(40, "1.5", "a");
    train.add(row("inf", "a"));
    train.add(row("", "b"));
    train.add(row("NaN", "b"));
    List<Map<String, String>> test = rows(10, "2.5", "b");
    test.add(row("-inf", "b"));

    UsableRows usable = UsableRows.of(task(train), data(train, test));

    assertThat(usable.data().train()).hasSize(40);
    assertThat(usable.data().test()).hasSize(10);
    assertThat(usable.refused()).isEqualTo(4);
    assertThat(usable.remarks())
        .containsExactly(
            "3 of 43 training rows cannot be used and are left out: 1 not-finite, 2 no-features; the"
                + " first is row 41: Column 'x' needs a finite number, not 'inf'.",
            "1 of 11 test rows cannot be used and are left out: 1 not-finite; the first is row 11:"
                + " Column 'x' needs a finite number, not '-inf'.");
  }

  @Test
  void aTableWithoutAUsableTestRowIsAnErrorThatSaysWhy() {
    List<Map<String, String>> train = rows(40, "1.5", "a");

    assertThatThrownBy(
            () -> UsableRows.of(task(train), data(train, Collections.nCopies(3, row("", "a")))))
        .hasMessageStartingWith("table leaves no rows to train or to test. 3 of 3 test rows");
  }

  private static TaskSpec task(List<Map<String, String>> train) {
    return TaskProposal.infer("t", train, "y", null, Map.of()).spec();
  }

  private static EvalData data(List<Map<String, String>> train, List<Map<String, String>> test) {
    return new EvalData("table", "y", null, train, test, List.of(), 0, List.of());
  }

  private static List<Map<String, String>> rows(int count, String x, String y) {
    List<Map<String, String>> rows = new ArrayList<>(Collections.nCopies(count, row(x, y)));
    rows.set(0, row("3.5", "b"));
    return rows;
  }

  private static Map<String, String> row(String x, String y) {
    return Map.of("x", x, "y", y);
  }
}
