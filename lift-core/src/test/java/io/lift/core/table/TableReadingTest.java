package io.lift.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.RejectReason;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.Column;
import io.lift.core.task.NumberNotation;
import io.lift.core.task.NumberNotation.Decimal;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Numbers, dates and missing values as tables write them: inferred, and read alike in later rows.
 */
class TableReadingTest {

  @Test
  void numbersWithADecimalCommaAreNumbers() throws Exception {
    Reading x = reading("33,4", "1.027,15", "-5", "0,125", "14");

    assertThat(x.column().numbers().max()).isEqualTo(1027.15);
    assertThat(x.column().notation()).isEqualTo(new NumberNotation(Decimal.COMMA, null));
    assertThat(x.remarks())
        .containsExactly("Column 'x' is read as numbers with a decimal comma: '33,4' is 33.4.");
    assertThat(x.value("'7,5'")).isEqualTo(7.5);
    assertThat(x.value("7.5")).isEqualTo(7.5);
    assertThat(x.value("'7.5'")).isEqualTo(7.5);
    assertThat(x.value("'2.000.000,5'")).isEqualTo(2_000_000.5);
    assertThat(x.value("'1.234'")).isEqualTo(1234.0);
  }

  @Test
  void moneyAndPercentagesAreNumbers() throws Exception {
    Reading dollars = reading("$37,065.69", "-$1,234.50", "($12)", "$0.99", "7");
    assertThat(dollars.column().numbers().min()).isEqualTo(-1234.5);
    assertThat(dollars.value("'$1,000'")).isEqualTo(1000.0);
    assertThat(dollars.value("1000.5")).isEqualTo(1000.5);
    assertThat(dollars.value("'($3.50)'")).isEqualTo(-3.5);

    Reading percent = reading("82%", "40 %", "-3.5%");
    assertThat(percent.column().notation().unit()).isEqualTo("%");
    assertThat(percent.value("'45%'")).isEqualTo(45.0);
    assertThat(percent.value("45")).isEqualTo(45.0);

    Reading euros = reading("1.234,50 €", "99 €", "0,50 €");
    assertThat(euros.column().numbers().max()).isEqualTo(1234.5);
    assertThat(euros.remarks())
        .containsExactly(
            "Column 'x' is read as numbers with a decimal comma and the unit €: '1.234,50 €' is"
                + " 1234.5.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "12 kg|8 kg|0.5 kg|12",
        "CHF 1'250.50|CHF 90|CHF 7|1250.5",
        "1 234,5|88|0,1|1234.5",
        "1\u00A0234,5|88|0,1|1234.5",
        "111,197|66,037|1,200,000|111197",
        "12,34,567|1,00,000|9|1234567",
        "−4.5|3|2|-4.5",
        "1,5E+03|2,25|1|1500",
        "23.5 °C|-1.0 °C|7 °C|23.5"
      })
  void theFirstOfThreeValuesIsThisNumber(String a, String b, String c, double number)
      throws Exception {
    Reading x = reading(a, b, c);

    assertThat(x.value("'" + a + "'")).isEqualTo(number);
    assertThat(x.throughCsv(a)).isEqualTo(number);
  }

  @Test
  void oneColumnWithDecimalCommasDecidesForTheOthers() throws Exception {
    TaskInference table = new TaskInference();
    for (int i = 0; i < 30; i++) {
      table.add(
          row("people", "1.%03d".formatted(i), "rate", i + ",5", "y", i % 2 == 0 ? "p" : "q"));
    }
    TaskSpec task = table.infer("t", "y", null).task();

    Row row = parse(task, "{'people':'2.500','rate':'0,5'}");
    assertThat(row.values()).isEqualTo(Map.of("people", 2500.0, "rate", 0.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,5|1,234,567|2", // a comma cannot be both
        "$5|€6|7", // two units
        "45%|0.45|1", // a share and a percentage
        "make 6|make 7|make 8",
        "id-1|id-2|id-3",
        "007|008|009",
        "1.2.3|1.2.4|2.0.0",
        "30-39|40-49|50-59",
        "12 kg|12 lb|1 kg"
      })
  void whatIsNotSoThroughoutStaysWords(String a, String b, String c) {
    assertThat(reading(a, b, c).column().numbers()).isNull();
  }

  @Test
  void wordsForMissingValuesAmongNumbersAreMissingThenAndLater() throws Exception {
    Reading x = reading("NA", "1.5", "-", "N/A", "2", "nan", "3");

    assertThat(x.column().missing()).containsExactly("NA", "-", "N/A", "nan");
    assertThat(x.column().numbers().count()).isEqualTo(30 * 3);
    assertThat(x.remarks())
        .containsExactly(
            "Read as missing values: 'NA', '-', 'N/A', 'nan' (120 values) in column 'x'.");
    assertThat(x.value("'na'")).isNull();
    assertThat(x.value("'-'")).isNull();
    assertThat(x.throughCsv("N/A")).isNull();
    assertThat(x.rejection("'few'").reason()).isEqualTo(RejectReason.WRONG_TYPE);
  }

  @Test
  void wordsForMissingValuesAmongWordsStayWords() {
    assertThat(reading("NA", "SA", "EU").column().categories()).containsExactly("EU", "NA", "SA");
  }

  @Test
  void aDateBecomesItsTrendWeekdayHourAndMonth() throws Exception {
    Reading x = reading("2026-11-27T08:15:00Z", "2026-11-28T00:00:00Z", "2026-11-29T23:59:59Z");

    assertThat(x.task().features())
        .extracting(Column::name)
        .containsExactly("x trend", "x weekday", "x hour", "x month");
    assertThat(x.remarks())
        .containsExactly(
            "Column 'x' is read as dates (ISO 8601): '2026-11-27T08:15:00Z' is 2026-11-27T08:15.");
    Map<String, Object> friday =
        Map.of(
            "x trend",
            20784 + 8.25 / 24,
            "x weekday",
            "Friday",
            "x hour",
            8.0,
            "x month",
            "November");
    assertThat(parse(x.task(), "{'x':'2026-11-27T08:15:00Z'}").values()).isEqualTo(friday);
    assertThat(parse(x.task(), "{'x':'2026-11-27 08:15'}").values()).isEqualTo(friday);
    // the weekday and hour are those of the place, the trend is that of the world
    assertThat(parse(x.task(), "{'x':'2026-11-28T01:15:00+17:00'}").values())
        .containsEntry("x trend", 20784 + 8.25 / 24)
        .containsEntry("x weekday", "Saturday")
        .containsEntry("x hour", 1.0);
    assertThat(x.rejection("'soon'")).hasMessage("Column 'x' needs a date (ISO 8601), not 'soon'.");
    assertThat(x.rejection("17").reason()).isEqualTo(RejectReason.WRONG_TYPE);
    assertThat(parse(x.task(), "{'x':null,'w':1,'y':'p'}").absent()).isEmpty();
    assertThat(parse(x.task(), "{'y':'p'}").absent()).containsExactly("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1764403200|1764406800|1764410000|8",
        "1764403200000|1764406800000|1764410000001|8",
        "1764403200000000|1764406800000000|1764410000000001|8",
        "29.11.2025|30.11.2025|01.12.2025|0",
        "29/11/2025 08:00|30/11/2025 09:00|01/12/2025 10:00|8",
        "11/29/2025 8:00 AM|11/30/2025 9:00 PM|12/01/2025 10:00 AM|8",
        "2025/11/29|2025/11/30|2025/12/01|0"
      })
  void datesAreReadInTheFormatOfTheirColumn(String a, String b, String c, double hour)
      throws Exception {
    Reading x = reading(a, b, c);

    assertThat((Double) x.value("x trend", "'" + a + "'"))
        .isCloseTo(20421 + hour / 24, within(1e-4));
    assertThat(x.value("x weekday", "'" + a + "'")).isEqualTo("Saturday");
    assertThat(x.value("x month", "'" + c + "'")).isIn("November", "December");
    if (a.matches("\\d+")) {
      assertThat(x.value("x hour", a)).isEqualTo(hour);
    }
  }

  @Test
  void aNumberOfTheSizeOfATimeCanBeDeclaredToBeNone() {
    TaskInference table = new TaskInference();
    for (int i = 0; i < 30; i++) {
      table.add(row("x", Long.toString(1_764_403_200L + 3600 * i), "y", i % 2 == 0 ? "p" : "q"));
    }

    TaskSpec task = table.infer("t", "y", null, Map.of("x", FieldType.NUMBER)).task();

    assertThat(task.features()).extracting(Column::name).containsExactly("x");
    assertThatThrownBy(() -> table.infer("t", "x", null, Map.of("y", FieldType.DATE)))
        .hasMessageContaining("Column 'y' cannot be read as dates");
  }

  @Test
  void theReadingSurvivesTheJsonOfTheTask() throws Exception {
    Reading x = reading("1.234,50 €", "99 €", "NA");
    JsonMapper mapper = new JsonMapper();

    byte[] json = mapper.writeValueAsBytes(x.task());

    assertThat(mapper.readValue(json, TaskSpec.class)).isEqualTo(x.task());
    assertThat(new String(json, StandardCharsets.UTF_8))
        .contains("\"notation\":{\"decimal\":\"comma\",\"unit\":\"€\"}", "\"missing\":[\"NA\"]");
  }

  @Test
  void plainNumbersLeaveTheJsonOfTheTaskAsItWas() throws Exception {
    String json = new JsonMapper().writeValueAsString(reading("1.5", "2", "3").column());

    assertThat(json).doesNotContain("notation", "date", "missing");
  }

  @Test
  void datesStandInTheSentenceByTheirParts() throws Exception {
    Reading x = reading("2026-11-27", "2026-11-28", "2026-11-29");
    TaskSpec named = x.task().toBuilder().template(TemplateSpec.named()).build();

    assertThat(new TaskLanguage(named).prompt(parse(named, "{'x':'2026-12-01'}")).text())
        .endsWith("x weekday=Tuesday, x month=December, What is this y? ###");
    TaskSpec own = x.task().toBuilder().template(TemplateSpec.free("On {x} it was")).build();
    assertThatThrownBy(() -> new TaskLanguage(own))
        .hasMessage(
            "The sentence names {x}, which is not a feature of the task: it has dates, so write"
                + " {x trend} or {x weekday} or {x month}.");
  }

  @Test
  void aTargetInMoneyMakesARegressionAndItsTruthsAreNumbers() throws Exception {
    TaskInference table = new TaskInference();
    for (int i = 0; i < 60; i++) {
      table.add(row("x", Integer.toString(i * 7 % 60), "y", "$1,%03d.50".formatted(i)));
    }
    TaskSpec task = table.infer("t", "y", null).task();

    assertThat(task.type()).isEqualTo(TaskType.REGRESSION);
    assertThat(parse(task, "{'x':1,'y':'$2,000'}").target()).isEqualTo(2000.0);
    assertThat(parse(task, "{'x':1,'y':2000}").target()).isEqualTo(2000.0);
  }

  @Test
  void labelsThatAreNumbersAreOneLabelInAllNotations() throws Exception {
    TaskInference table = new TaskInference();
    for (int i = 0; i < 40; i++) {
      table.add(row("x", i + ".5", "y", List.of("0", "1.0", " 0 ", "1", "0.0", "NA").get(i % 6)));
    }
    TaskSpec task = table.infer("t", "y", null).task();

    assertThat(task.labels()).containsExactly("0", "1");
    assertThat(parse(task, "{'x':1,'y':0.0}").target()).isEqualTo("0");
    assertThat(parse(task, "{'x':1,'y':' 0 '}").target()).isEqualTo("0");
    assertThat(parse(task, "{'x':1,'y':'NA'}").target()).isNull();
  }

  @Test
  void aColumnWithoutANameThatNumbersTheRowsIsLeftOut() {
    for (int start : List.of(0, 1)) {
      TaskInference table = new TaskInference();
      for (int i = 0; i < 30; i++) {
        table.add(
            row(
                "Unnamed: 0",
                "" + (start + i),
                "x",
                "" + i % 7,
                "y",
                i % 2 == 0 ? "p" : "q",
                "Unnamed: 3",
                ""));
      }
      TaskInference.Inferred inferred = table.infer("t", null, null);

      assertThat(inferred.task().features()).extracting(Column::name).containsExactly("x");
      assertThat(inferred.task().target().name()).isEqualTo("y");
      assertThat(inferred.remarks())
          .containsExactly(
              "Column 'Unnamed: 0' has no name of its own and a different value in every row, as"
                  + " row numbers do; it is left out.",
              "Column 'Unnamed: 3' has neither a name nor values and is left out.");
      assertThat(
              table.infer("t", "y", null, Map.of("Unnamed: 0", FieldType.NUMBER)).task().features())
          .hasSize(2);
    }
  }

  @Test
  void aMessageListsTheFirstNamesOfAWideTable() {
    TaskInference table = new TaskInference();
    Map<String, String> row = new LinkedHashMap<>();
    for (int c = 0; c < 1500; c++) {
      row.put("f" + c, "1");
    }
    table.add(row);

    assertThatThrownBy(() -> table.infer("t", "y", null))
        .hasMessageEndingWith("f18, f19 and 1,480 more.");
  }

  @Test
  void aTargetThatMayBeMisunderstoodIsExplained() {
    assertThat(target(i -> "label " + i))
        .containsExactly(
            "The target 'y' has 60 labels in 60 rows, such as 'label 0': labels that hardly occur"
                + " twice cannot be learned. Is another column the target?");
    assertThat(target(i -> "" + i % 5))
        .containsExactly(
            "The target 'y' has the numbers 0, 1, 2, 3, 4, which are taken as labels. If they are a"
                + " quantity, set the type to regression (--type regression).");
    assertThat(target(i -> "" + i % 20))
        .containsExactly(
            "The target 'y' has 20 different whole numbers, 0 to 19, and is taken as a quantity. If"
                + " they are codes of classes, set the type to classification (--type classification).");
    assertThat(target(i -> List.of("yes", "Yes", "YES", "no", "No", "n").get(i % 6)))
        .containsExactly(
            "The target 'y' has labels that may mean the same: 'No', 'n', 'no'; 'YES', 'Yes',"
                + " 'yes'. Each is a label of its own; give those that are one the same spelling in"
                + " the rows.");
    assertThat(target(i -> i % 2 == 0 ? "yes" : "no")).isEmpty();
    assertThat(target(i -> "" + i % 2)).isEmpty();
    assertThatThrownBy(() -> target(i -> "no"))
        .hasMessage(
            "The target 'y' has one label only, 'no', in all of its 60 rows: there is nothing to"
                + " learn. Choose another target, or rows with several labels.");
  }

  private static List<String> target(IntFunction<String> y) {
    TaskInference table = new TaskInference();
    for (int i = 0; i < 60; i++) {
      table.add(row("x", i * 7 % 60 + ".5", "y", y.apply(i)));
    }
    return table.infer("t", "y", null).remarks();
  }

  /** A column {@code x} of a table that was inferred from its values. */
  private record Reading(TaskInference.Inferred inferred) {
    TaskSpec task() {
      return inferred.task();
    }

    Column column() {
      return task().features().get(0);
    }

    List<String> remarks() {
      return inferred.remarks();
    }

    Object value(String json) throws RowRejectedException {
      return value("x", json);
    }

    Object value(String column, String json) throws RowRejectedException {
      return parse(task(), "{'x':" + json + ",'y':'p'}").values().get(column);
    }

    Object throughCsv(String text) throws RowRejectedException {
      byte[] json = new JsonRows(task()).write(Map.of("x", text, "y", "p"));
      return new RowParser(task()).parse(json).values().get("x");
    }

    RowRejectedException rejection(String json) {
      return catchThrowableOfType(RowRejectedException.class, () -> value(json));
    }
  }

  /** A table with these values again and again. */
  private static Reading reading(String... values) {
    TaskInference table = new TaskInference();
    for (int i = 0; i < 30 * values.length; i++) {
      table.add(row("x", values[i % values.length], "y", i % 2 == 0 ? "p" : "q"));
    }
    return new Reading(table.infer("t", "y", null));
  }

  private static Map<String, String> row(String... fields) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      row.put(fields[i], fields[i + 1]);
    }
    return row;
  }

  /** JSON with apostrophes for quotation marks. */
  private static Row parse(TaskSpec task, String json) throws RowRejectedException {
    // an apostrophe between digits is a separator
    String quoted = json.replaceAll("(?<!\\d)'|'(?!\\d)", "\"");
    return new RowParser(task).parse(quoted.getBytes(StandardCharsets.UTF_8));
  }
}
