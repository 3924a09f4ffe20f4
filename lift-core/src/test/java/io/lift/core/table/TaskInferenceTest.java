package io.lift.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.row.RowRejectedException;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class TaskInferenceTest {
  private final TaskInference inference = new TaskInference();

  @Test
  void whoeverKnowsBetterCorrectsTypesAndLeavesColumnsOut() {
    TaskInference inference = new TaskInference();
    for (int i = 0; i < 100; i++) {
      inference.add(
          Map.of("code", "" + i % 3, "id", "x" + i, "size", "" + i, "y", i % 2 == 0 ? "a" : "b"));
    }

    TaskSpec task =
        inference
            .infer(
                "t",
                "y",
                null,
                Map.of(
                    "code", FieldType.CATEGORY, "size", FieldType.TEXT, "id", FieldType.LEAVE_OUT))
            .task();

    assertThat(task.features())
        .extracting(Column::name, Column::type)
        .containsExactlyInAnyOrder(
            tuple("code", ColumnType.CATEGORY), tuple("size", ColumnType.TEXT));
    assertThatThrownBy(() -> inference.infer("t", "y", null, Map.of("id", FieldType.NUMBER)))
        .hasMessageStartingWith("Column 'id' cannot be read as numbers, because 'x")
        .hasMessageEndingWith("' is not one.");
  }

  @Test
  void aWideTableKeepsABoundedNumberOfValuesAndItsStatistics() {
    TaskInference inference = new TaskInference();
    for (int row = 0; row < 300; row++) {
      Map<String, String> values = new HashMap<>();
      for (int column = 0; column < 1_000; column++) {
        values.put("c" + column, "" + (row * 2_000 + column));
        values.put("d" + column, "e" + (row * 2_000 + column));
      }
      values.put("y", row % 2 == 0 ? "a" : "b");
      inference.add(values);
    }

    int kept = inference.summaries().stream().mapToInt(column -> column.values().size()).sum();
    assertThat(kept).isLessThanOrEqualTo(500_000);
    Map<String, FieldType> leftOut = new HashMap<>();
    for (int column = 0; column < 1_000; column++) {
      leftOut.put("d" + column, FieldType.LEAVE_OUT);
    }
    assertThat(inference.infer("t", "y", null, leftOut).task().features()).hasSize(1_000);
    assertThatThrownBy(() -> inference.infer("t", "y", null))
        .hasMessage(
            "The table makes 2,000 features, and a task can have 1,000: leave columns out (--without).");
  }

  @Test
  void numbersAreNumbersWithTheirStatistics() {
    rows(100, i -> Integer.toString(i));

    NumberStats stats = feature().numbers();
    assertThat(stats.count()).isEqualTo(100);
    assertThat(stats.mean()).isCloseTo(49.5, within(1e-9));
    assertThat(stats.deviation()).isCloseTo(Math.sqrt((100.0 * 100 - 1) / 12), within(1e-9));
    assertThat(stats.min()).isZero();
    assertThat(stats.max()).isEqualTo(99);
    assertThat(stats.decimals()).isZero();
  }

  @Test
  void integerCodesAreNumbersToo() {
    rows(100, i -> Integer.toString(i % 3));
    assertThat(feature().type()).isEqualTo(ColumnType.NUMBER);
  }

  @Test
  void wordsAndBooleansAreCategoriesInTheOrderOfTheirCharacters() throws RowRejectedException {
    for (int i = 0; i < 10; i++) {
      inference.add(json("{'x':" + (i % 2 == 0) + ",'y':'" + (char) ('z' - i % 3) + "'}"));
    }

    TaskSpec task = inference.infer("t", null, null).task();
    assertThat(task.features()).containsExactly(Column.category("x", List.of("false", "true")));
    assertThat(task.target()).isEqualTo(Column.category("y", List.of("x", "y", "z")));
  }

  @Test
  void manyDifferentOrLongWordsAreText() {
    rows(100, i -> "word " + i);
    assertThat(feature().type()).isEqualTo(ColumnType.TEXT);
  }

  @Test
  void fewSentencesAreTextToo() {
    rows(12, i -> "my parcel number " + i + " is late");
    assertThat(feature().type()).isEqualTo(ColumnType.TEXT);
  }

  @Test
  void sentencesThatComeAgainAndAgainAreCategories() {
    rows(12, i -> i % 2 == 0 ? "less than one year ago" : "more than one year ago");
    assertThat(feature().type()).isEqualTo(ColumnType.CATEGORY);
  }

  @Test
  void longWordsAreText() {
    rows(100, i -> "x".repeat(201));
    assertThat(feature().type()).isEqualTo(ColumnType.TEXT);
  }

  @Test
  void moreRowsAllowMoreWords() {
    rows(10_000, i -> "word " + i % 100);
    assertThat(feature().categories()).hasSize(100);
  }

  @Test
  void digitsWithLeadingZerosAreCodes() {
    rows(100, i -> "0" + i % 5);
    assertThat(feature().categories()).containsExactly("00", "01", "02", "03", "04");
  }

  @Test
  void decimalsAreTheFewestThatKeepValuesApart() {
    rows(100, i -> "0." + (100 + i) + "7");
    assertThat(feature().numbers().decimals()).isEqualTo(3);
  }

  @Test
  void aFractionAlwaysShowsADecimal() {
    rows(100, i -> i + ".3");
    assertThat(feature().numbers().decimals()).isEqualTo(1);
  }

  @Test
  void decimalsEndAtTwelve() {
    rows(100, i -> "1." + "0".repeat(13) + (i + 1));
    assertThat(feature().numbers().decimals()).isEqualTo(12);
  }

  @Test
  void manyDistinctValuesAreJudgedInBoundedMemory() {
    rows(20_000, i -> Double.toString(i / 16.0));

    NumberStats stats = feature().numbers();
    assertThat(stats.count()).isEqualTo(20_000);
    assertThat(stats.decimals()).isEqualTo(2); // .0625 and .125 as .06 and .12
  }

  @Test
  void theTypeFollowsTheTarget() {
    assertThat(typeOf(i -> i % 2 == 0 ? "yes" : "no")).isEqualTo(TaskType.CLASSIFICATION);
    assertThat(typeOf(i -> Integer.toString(i % 10))).isEqualTo(TaskType.CLASSIFICATION);
    assertThat(typeOf(i -> i % 3 + ".0")).isEqualTo(TaskType.CLASSIFICATION);
    assertThat(typeOf(i -> Integer.toString(i % 11))).isEqualTo(TaskType.REGRESSION);
    assertThat(typeOf(i -> Integer.toString(i))).isEqualTo(TaskType.REGRESSION);
    assertThat(typeOf(i -> i % 2 + ".5")).isEqualTo(TaskType.REGRESSION);
  }

  @Test
  void aGivenTypeAndTargetAreKept() {
    rows(30, i -> Integer.toString(i % 3));

    TaskSpec task = inference.infer("t", "x", TaskType.REGRESSION).task();
    assertThat(task.target().name()).isEqualTo("x");
    assertThat(task.type()).isEqualTo(TaskType.REGRESSION);
    assertThat(task.features()).extracting(Column::name).containsExactly("y");
  }

  @Test
  void labelsOfOneNumberAreOneLabel() {
    rows(60, i -> i % 3 + (i % 2 == 0 ? ".0" : ""));

    assertThat(inference.infer("t", "x", null).task().labels()).containsExactly("0", "1", "2");
  }

  @Test
  void labelsAreSortedAsNumbersIfAllAreNumbers() {
    for (int i = 0; i < 60; i++) {
      inference.add(Map.of("y", Integer.toString(12 - i % 12)));
      inference.add(Map.of("x", "1.5"));
    }

    assertThat(inference.infer("t", "y", TaskType.CLASSIFICATION).task().labels())
        .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
  }

  @Test
  void columnsWhoseNamesSayThatTheyIdentifyRowsAreReportedUnlessTheyAreLeftOut() {
    for (int i = 0; i < 40; i++) {
      inference.add(
          Map.of(
              "orderId",
              Integer.toString(1000 + i),
              "uuid",
              "c0ffee-" + (i * 7919 % 40),
              "token",
              "123e4567-e89b-12d3-a456-4266141740" + (10 + i),
              "said",
              "a remark of its own, " + i,
              "size",
              Integer.toString(i * 7919 % 40),
              "y",
              i % 2 == 0 ? "p" : "q"));
    }

    assertThat(remarks())
        .hasSize(3)
        .anyMatch(remark -> remark.startsWith("Column 'orderId' increases from row to row"))
        .anyMatch(remark -> remark.startsWith("Column 'token' has a different word in every row"))
        .anyMatch(remark -> remark.startsWith("Column 'uuid' has a different word in every row"));
    assertThat(remarks("orderId", "uuid", "token")).isEmpty();
    assertThat(inference.infer("t", "orderId", null).remarks())
        .noneMatch(r -> r.contains("'orderId'"));
    assertThat(inference.infer("t", "y", null).identifiers())
        .containsExactlyInAnyOrder("orderId", "uuid", "token");
    assertThatThrownBy(() -> remarks("Id"))
        .hasMessageMatching("There is no column 'Id'; the columns are .*orderId.*[.]");
  }

  @Test
  void noNoteAdvisesAgainstAColumnThatMayCarryTheSignal() {
    for (int i = 0; i < 40; i++) {
      inference.add(
          Map.of(
              "t",
              Integer.toString(i),
              "at",
              Double.toString(1.7e12 + 250.5 * i),
              "review",
              "word ".repeat(50) + i,
              "part",
              "part-" + i,
              "price",
              "$1,0%02d.50".formatted(i),
              "day",
              "2026-01-%02d".formatted(1 + i % 28),
              "y",
              i % 2 == 0 ? "p" : "q"));
    }

    TaskInference.Inferred inferred = inference.infer("t", "y", null);

    assertThat(inferred.identifiers()).isEmpty();
    assertThat(inferred.remarks()).noneMatch(remark -> remark.toLowerCase().contains("leave"));
  }

  private List<String> remarks(String... leftOut) {
    Map<String, FieldType> types = new HashMap<>();
    for (String column : leftOut) {
      types.put(column, FieldType.LEAVE_OUT);
    }
    return inference.infer("t", "y", null, types).remarks();
  }

  @Test
  void oddColumnsAreKeptAndReported() throws RowRejectedException {
    for (int i = 0; i < 100; i++) {
      String amount = i == 7 ? "'few'" : i == 8 ? "Infinity" : Integer.toString(i);
      inference.add(
          json(
              "{'gone':'','same':'a','amount':"
                  + amount
                  + ",'n':[1],'y':'"
                  + (i % 2 == 0 ? "p" : "q")
                  + "'}"));
    }

    TaskInference.Inferred inferred = inference.infer("t", "y", null);
    assertThat(inferred.task().features())
        .extracting(Column::name)
        .containsExactly("gone", "same", "amount");
    assertThat(inferred.task().features().get(0).type()).isEqualTo(ColumnType.TEXT);
    assertThat(inferred.remarks())
        .containsExactly(
            "Column 'gone' has no values.",
            "Column 'same' has the same value in every row.",
            "Column 'amount' is not read as numbers because of values such as 'few';"
                + " leave a field empty if its value is missing.",
            "Column 'amount' has 1 value that is not finite; such rows are refused.");
  }

  @Test
  void whatCannotBeATaskIsRejectedInOneSentence() {
    rejects("y", null, "There are no rows");
    rows(1500, i -> "word " + i);
    rejects("z", null, "There is no column 'z'; the columns are x, y.");
    rejects("x", null, "The target 'x' has more than 1000 different values");
    rejects("x", TaskType.REGRESSION, "must be numbers, and 'word 0' is not one.");
    inference.add(Map.of("w", ""));
    rejects("w", null, "The target 'w' has no values.");
  }

  @Test
  void whatIsNoRowIsRejectedAndNotCounted() {
    assertThat(catchThrowableOfType(RowRejectedException.class, () -> inference.add(json("[1]"))))
        .isNotNull();
    assertThat(inference.rows()).isZero();
  }

  /** Rows of a column {@code x} under test and a target {@code y}. */
  private void rows(int count, IntFunction<String> x) {
    for (int i = 0; i < count; i++) {
      inference.add(new TreeMap<>(Map.of("x", x.apply(i), "y", i % 2 == 0 ? "p" : "q")));
    }
  }

  private Column feature() {
    return inference.infer("t", "y", null).task().features().get(0);
  }

  private static TaskType typeOf(IntFunction<String> target) {
    TaskInference inference = new TaskInference();
    for (int i = 0; i < 100; i++) {
      inference.add(Map.of("x", "1.5", "y", target.apply(i)));
    }
    return inference.infer("t", "y", null).task().type();
  }

  private void rejects(String target, TaskType type, String why) {
    assertThatThrownBy(() -> inference.infer("t", target, type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageEndingWith(".");
  }

  private static byte[] json(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
