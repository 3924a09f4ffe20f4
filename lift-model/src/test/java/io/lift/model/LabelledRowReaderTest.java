package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LabelledRowReaderTest {
  private static final NumberStats STATS = new NumberStats(100, 50, 15, 0, 100, 2);

  /** Two of the words read the same in a sentence. */
  private static final TaskLanguage LANGUAGE =
      Examples.language(
          TaskType.CLASSIFICATION,
          List.of(
              Column.category("car", List.of("a b", "a\tb", "vw")),
              Column.number("age", STATS),
              Column.text("remark")),
          Column.category("good", List.of("no", "yes")));

  private static BaseModel base;

  @BeforeAll
  static void open() {
    base = BaseModel.open(null, "cpu");
  }

  @AfterAll
  static void close() {
    base.close();
  }

  private static Map<String, Object> read(Map<String, Object> values) {
    LabelledRowReader reader = LabelledRowReader.of(base, LANGUAGE).orElseThrow();
    return reader.values(reader.content(LANGUAGE.prompt(new Row(values, null))));
  }

  @Test
  void theValuesOfAContentAreThoseOfItsRowWithNumbersOnTheGrid() {
    Map<String, Object> read = read(Map.of("car", "vw", "age", 71.23, "remark", "rather old"));
    assertThat(read).containsEntry("car", "vw").containsEntry("remark", "rather old").hasSize(3);
    assertThat((Double) read.get("age")).isBetween(71.23 - 0.45, 71.23 + 0.45); // 90 / 100 / 2
  }

  @Test
  void aMissingValueIsAbsent() {
    assertThat(read(Map.of())).isEmpty();
    assertThat(read(Map.of("age", 50.0))).containsOnlyKeys("age");
  }

  @Test
  void aRowOfTheValuesHasTheSameSentence() {
    for (String car : List.of("a b", "a\tb", "vw")) {
      for (double age = -20; age < 130; age += 0.7) {
        Map<String, Object> values = new HashMap<>(Map.of("car", car, "age", age));
        values.put("remark", "number " + (int) age);
        Prompt own = LANGUAGE.prompt(new Row(values, null));
        assertThat(LANGUAGE.prompt(new Row(read(values), null)).text()).isEqualTo(own.text());
      }
    }
  }

  @Test
  void aWordThatTheColumnDoesNotHaveIsReadAsTheOneThatMeansTheSameOrAsMissing() {
    TaskLanguage sizes =
        Examples.language(
            TaskType.CLASSIFICATION,
            List.of(Column.category("size", List.of("small", "medium", "large"))),
            Column.category("good", List.of("no", "yes")));
    LabelledRowReader reader = LabelledRowReader.of(base, sizes).orElseThrow();
    Prompt tiny = sizes.prompt(new Row(Map.of("size", "tiny"), null));
    Prompt banana = sizes.prompt(new Row(Map.of("size", "banana"), null));
    assertThat(reader.values(reader.content(tiny))).isEqualTo(Map.of("size", "small"));
    assertThat(reader.values(reader.content(banana))).isEmpty();
  }
}
