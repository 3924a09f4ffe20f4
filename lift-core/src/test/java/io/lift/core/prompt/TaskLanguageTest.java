package io.lift.core.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.Tasks;
import io.lift.core.answer.Answer;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.Extrapolation;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberScale;
import io.lift.core.task.NumberStats;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskLanguageTest {
  private static final Row ROW =
      new Row(Map.of("age", 39.0, "income", 61.234, "car", "vw", "note", "new in town"), null);

  @Test
  void thePapersDefaultFormIsRenderedByteForByte() {
    // the first row of OpenML 61 (iris) as the paper's authors write it
    NumberStats stats = new NumberStats(150, 3, 1, 0, 8, 1);
    TaskSpec iris =
        Tasks.of(
            TaskType.CLASSIFICATION,
            IntStream.range(0, 4).mapToObj(i -> Column.number("c" + i, stats)).toList(),
            Column.category("class", List.of("0", "1", "2")),
            TemplateSpec.paper(),
            NumberFormat.fixed(2));
    Row row = new Row(Map.of("c0", 5.1, "c1", 3.5, "c2", 1.4, "c3", 0.2), "0");

    TaskLanguage language = new TaskLanguage(iris);

    assertThat(language.prompt(row).text())
        .isEqualTo("When we have x1=5.10, x2=3.50, x3=1.40, x4=0.20, What is this type? ###");
    assertThat(language.completion("0")).isEqualTo("0@@@");
  }

  @Test
  void thePapersImageFormIsRenderedByteForByte() {
    NumberStats grey = new NumberStats(9, 100, 80, 0, 255, 0);
    TaskSpec digits =
        Tasks.of(
            TaskType.CLASSIFICATION,
            IntStream.range(0, 4).mapToObj(i -> Column.number("p" + i, grey)).toList(),
            Column.category("label", List.of("3", "7")),
            new TemplateSpec(TemplateSpec.Style.IMAGE, null),
            NumberFormat.fixed(2));
    Row row = new Row(Map.of("p0", 0.0, "p1", 180.0, "p2", 250.0, "p3", 0.0), "7");

    assertThat(new TaskLanguage(digits).prompt(row).text())
        .isEqualTo("Given image with pixels 0 180 250 0 What is this digit?###");
  }

  @Test
  void thePapersTwoStageFormNumbersTheTasks() {
    TaskLanguage language =
        language(new TemplateSpec(TemplateSpec.Style.STAGED, null), NumberFormat.grid());
    Row row = new Row(Map.of("age", 50.0, "income", 5.0), null);

    assertThat(language.prompt(row).text())
        .isEqualTo("Given task 3, x1=50, x2=0, x3=?, x4=?, What is the cluster?###");
    Prompt synthetic = language.syntheticPrompt(1, row);
    assertThat(synthetic.text())
        .isEqualTo("Given task 1, x1=50, x2=0, x3=?, x4=?, What is the cluster?###");
    assertThat(synthetic.text().substring(synthetic.grid()[2], synthetic.grid()[3])).isEqualTo("0");
    Prompt named = language(TemplateSpec.named(), NumberFormat.grid()).syntheticPrompt(2, row);
    assertThat(named.text()).startsWith("Given task 2, When we have age=50, income=0, car=?");
    assertThat(named.text().substring(named.grid()[0], named.grid()[1])).isEqualTo("50");
  }

  @Test
  void thePapersSentencesForRealTablesCanBeWrittenFreely() {
    NumberStats stats = new NumberStats(9, 3, 1, 0, 8, 4);
    TaskSpec plant =
        Tasks.of(
            TaskType.REGRESSION,
            List.of(Column.number("AT", stats), Column.number("AP", stats)),
            Column.number("PE", stats),
            TemplateSpec.free(
                "When the air temperature is {AT} celsius degree, ambient pressure is {AP}"
                    + " millibar, what's the net hourly electrical energy output in MW?"),
            NumberFormat.fixed(4));

    assertThat(
            new TaskLanguage(plant)
                .prompt(new Row(Map.of("AT", 14.96, "AP", 1024.07), null))
                .text())
        .isEqualTo(
            "When the air temperature is 14.9600 celsius degree, ambient pressure is 1024.0700"
                + " millibar, what's the net hourly electrical energy output in MW?###");
  }

  @Test
  void shuffledNamesStandBesideOtherColumnsValues() {
    String right = text(TemplateSpec.named(), NumberFormat.fixed(0));
    String shuffled = text(TemplateSpec.named().shuffled(5), NumberFormat.fixed(0));

    assertThat(right).contains("age=39, income=61, car=vw, note=new in town");
    assertThat(shuffled)
        .matches(
            "When we have \\w+=39, \\w+=61, \\w+=vw, \\w+=new in town, What is this risk\\? ###")
        .contains("age=", "income=", "car=", "note=")
        .doesNotContain("age=39", "income=61", "car=vw", "note=new");
    assertThat(text(TemplateSpec.named().shuffled(5), NumberFormat.fixed(0))).isEqualTo(shuffled);
    assertThat(language(TemplateSpec.named().shuffled(5), NumberFormat.grid()).hash())
        .isNotEqualTo(language(TemplateSpec.named(), NumberFormat.grid()).hash());
    assertThat(text(TemplateSpec.free("{age} in {car}").shuffled(5), NumberFormat.fixed(0)))
        .isNotEqualTo("39 in vw###");
  }

  @Test
  void rowsInContextStandBeforeTheQuestionAsInTraining() {
    TaskLanguage language = price(TemplateSpec.paper());
    Prompt asked = language.prompt(ROW);
    Example shown = new Example(language.prompt(new Row(Map.of("age", 50.0), null)), "47@@@");

    assertThat(asked.withContext(List.of(shown, shown)).fullText())
        .isEqualTo(
            "When we have x1=50, what should be the y value?### 47@@@ "
                + "When we have x1=50, what should be the y value?### 47@@@ "
                + "When we have x1=32, what should be the y value?###");
    assertThat(asked.fullText()).isEqualTo(asked.text());
  }

  @Test
  void fixedDecimalsWriteWholeColumnsAsIntegersAndTextAsItStands() {
    assertThat(text(TemplateSpec.paper(), NumberFormat.fixed(2)))
        .isEqualTo("When we have x1=39, x2=61.23, x3=vw, x4=new in town, What is this type? ###");
  }

  @Test
  void thePapersRegressionFormHasNoSpaceBeforeItsEnd() {
    assertThat(price(TemplateSpec.paper()).prompt(ROW).text())
        .isEqualTo("When we have x1=32, what should be the y value?###");
  }

  @Test
  void theNamedFormUsesTheColumnsOwnNames() {
    assertThat(text(TemplateSpec.named(), NumberFormat.adaptive()))
        .isEqualTo(
            "When we have age=39, income=61.23, car=vw, note=new in town, What is this risk? ###");
    assertThat(price(TemplateSpec.named()).prompt(ROW).text())
        .isEqualTo("When we have age=32, what should be the price value?###");
  }

  @Test
  void aFreeSentencePutsValuesWhereItsBracesAre() {
    assertThat(
            text(
                TemplateSpec.free("{{ok}} At {age}, driving {car} ({age}), how risky is it?"),
                NumberFormat.fixed(1)))
        .isEqualTo("{ok} At 39, driving vw (39), how risky is it?###");
    assertThat(text(TemplateSpec.free("{car} is ###"), NumberFormat.grid())).isEqualTo("vw is ###");
    assertThat(text(TemplateSpec.free("of {car}"), NumberFormat.grid())).isEqualTo("of vw ###");
  }

  @Test
  void aFreeSentenceThatDoesNotFitIsRejected() {
    rejects("no slot", "names no column");
    rejects("{agee} years", "{agee}, which is not a feature");
    rejects("{risk}?", "{risk}, which is not a feature");
    rejects("{age years", "opens a brace at character 1");
    rejects("age} years", "closes a brace at character 4");
    rejects("{age}{income}", "something other than a digit between a value and {income}");
    rejects("{age}0 or {income}", "something other than a digit between a value and {income}");
    rejects("{age} ### {income}", "### only at its end");
    rejects(" ", "needs a sentence");
  }

  @Test
  void gridNumbersAreIntegersWithKnownSpans() {
    Prompt prompt =
        language(TemplateSpec.named(), NumberFormat.grid())
            .prompt(new Row(Map.of("age", 1e300, "income", 5.0), null));

    assertThat(prompt.text())
        .isEqualTo("When we have age=99, income=0, car=?, note=?, What is this risk? ###");
    int[] grid = prompt.grid();
    assertThat(grid).hasSize(4);
    assertThat(prompt.text().substring(grid[0], grid[1])).isEqualTo("99");
    assertThat(prompt.text().substring(grid[2], grid[3])).isEqualTo("0");
  }

  @Test
  void aMissingNumberIsAQuestionMarkAndNoGridNumber() {
    Prompt prompt =
        language(TemplateSpec.paper(), NumberFormat.grid())
            .prompt(new Row(Map.of("income", 50.0), null));

    assertThat(prompt.text()).startsWith("When we have x1=?, x2=50, x3=?, x4=?,");
    assertThat(prompt.grid()).hasSize(2);
  }

  @Test
  void wordsFromTheTableCannotForgeMarksOrLines() {
    Row row = new Row(Map.of("note", "a####b\r\n@@@c\u2028\u0000d \ud800"), null);

    String text = language(TemplateSpec.paper(), NumberFormat.grid()).prompt(row).text();

    assertThat(text).contains("x4=a#b @c d \ufffd, What").doesNotContain("@@@", "\n");
    assertThat(text.indexOf("###")).isEqualTo(text.length() - 3);
  }

  @Test
  void namesAndLabelsCannotForgeMarksEither() {
    TaskSpec task =
        Tasks.of(
            TaskType.CLASSIFICATION,
            List.of(Column.category("a###\n", List.of("x@@@"))),
            Column.category("b###", List.of("yes@@@", "no")),
            TemplateSpec.named(),
            NumberFormat.grid());
    TaskLanguage language = new TaskLanguage(task);

    assertThat(language.prompt(new Row(Map.of("a###\n", "x@@@"), null)).text())
        .isEqualTo("When we have a# =x@, What is this b#? ###");
    assertThat(language.completion("yes@@@")).isEqualTo("yes@@@@");
    assertThat(language.candidates()).containsExactly("yes@", "no");
    assertThat(language.answer(new double[] {0.8, 0.2}).label()).isEqualTo("yes@@@");
  }

  @Test
  void longTextIsCutBetweenCharacters() {
    String note = "x".repeat(Column.MAX_TEXT - 1) + "\ud83d\ude00";
    Row row = new Row(Map.of("note", note), null);

    assertThat(language(TemplateSpec.paper(), NumberFormat.grid()).prompt(row).text())
        .contains("x4=" + "x".repeat(Column.MAX_TEXT - 1) + ", What");
  }

  @Test
  void theMostProbableLabelIsTheAnswer() {
    Answer answer =
        language(TemplateSpec.paper(), NumberFormat.grid()).answer(new double[] {0.25, 0.75});

    assertThat(answer.label()).isEqualTo("high");
    assertThat(answer.probabilities()).isEqualTo(Map.of("low", 0.25, "high", 0.75));
    assertThat(answer.probabilities().keySet()).containsExactly("low", "high");
    assertThat(answer.value()).isNull();
  }

  @Test
  void aNumberIsAnsweredByTheMedianAndTheCentralNinetyPercent() {
    double[] uniform = new double[100];
    Arrays.fill(uniform, 0.01);

    Answer answer = price(TemplateSpec.paper()).answer(uniform);

    // the grid spans [min - 10 %, max + 10 %] = [-10, 110], nearer than four deviations
    assertThat(answer.value()).isCloseTo(50, within(1e-9));
    assertThat(answer.interval().lower()).isZero(); // no price is below it
    assertThat(answer.interval().upper()).isCloseTo(104, within(1e-9));
    assertThat(answer.label()).isNull();
  }

  @Test
  void targetsThatAreWholeNumbersAreAnsweredByWholeNumbersInsideTheirInterval() {
    NumberStats grades = new NumberStats(100, 10, 3, 0, 20, 0);
    TaskLanguage language = regression(grades, TemplateSpec.paper());
    for (double median : new double[] {-0.3, 9.6, 10.3, 19.9}) {
      double[] sure = new double[100];
      sure[language.targetGrid().encode(median)] = 1;

      Answer answer = language.answer(sure);

      assertThat(answer.value()).isEqualTo(Math.rint(median) + 0.0);
      assertThat(answer.interval().lower()).isLessThanOrEqualTo(Math.max(0, answer.value() - 0.5));
      assertThat(answer.interval().upper()).isGreaterThanOrEqualTo(answer.value() + 0.5);
    }
    double[] wide = new double[100];
    Arrays.fill(wide, 0.01);
    assertThat(language.answer(wide).interval().lower()).isZero();
    assertThat(language.answer(wide).interval().upper()).isCloseTo(20.8, within(1e-9));
  }

  @Test
  void aTargetComesBackFromItsGridWithinHalfACell() {
    TaskLanguage language = price(TemplateSpec.paper());
    for (double target : new double[] {0, 12.3, 50, 77, 100, 109}) {
      String completion = language.completion(target);
      double[] certain = new double[100];
      certain[Integer.parseInt(completion.replace("@@@", ""))] = 1;

      assertThat(language.answer(certain).value()).isCloseTo(target, within(0.6 + 1e-9));
    }
  }

  @Test
  void noAnswerIsBelowZeroWhereNoTargetIs() {
    double[] lowest = new double[100];
    lowest[0] = 1;

    assertThat(price(TemplateSpec.paper()).answer(lowest).value()).isZero();
    NumberStats both = new NumberStats(100, 0, 30, -50, 50, 2);
    assertThat(regression(both, TemplateSpec.paper()).answer(lowest).value()).isNegative();
  }

  @Test
  void targetsOverOrdersOfMagnitudeComeBackWithinAFewPercent() {
    NumberScale scale = new NumberScale(0, 10, 5, 2);
    NumberStats prices = new NumberStats(400, 80_000, 250_000, 16, 2e6, 2, scale);
    TaskLanguage language = regression(prices, TemplateSpec.paper());
    for (double target : new double[] {16, 32, 500, 40_000, 1_900_000}) {
      double[] certain = new double[100];
      certain[Integer.parseInt(language.completion(target).replace("@@@", ""))] = 1;

      Answer answer = language.answer(certain);

      assertThat(answer.value()).isBetween(0.92 * target, 1.08 * target);
      assertThat(answer.interval().lower()).isPositive();
    }
  }

  @Test
  void aTrendIsAddedToTheAnswerAndTheIntervalWidensBeyondWhatWasSeen() {
    TaskLanguage language = trend();
    Prompt inside = language.prompt(new Row(Map.of("age", 50.0), null));
    Prompt outside = language.prompt(new Row(Map.of("age", 150.0), null));
    double[] p = new double[100];
    Arrays.fill(p, 0.01);

    Answer seen = language.answer(inside, p);
    Answer beyond = language.answer(outside, p);

    assertThat(seen.value()).isCloseTo(100 + 2 * 50, within(1e-9));
    assertThat(beyond.value()).isCloseTo(100 + 2 * 150, within(1e-9));
    double half = seen.interval().upper() - seen.value();
    // the doubt of 0.1 a year, 50 years beyond the largest age
    assertThat(beyond.interval().upper() - beyond.value())
        .isCloseTo(Math.hypot(half, 1.6449 * 5), within(1e-9));
    assertThat(language.extrapolated(new Row(Map.of("age", 105.0), null))).isEmpty();
    assertThat(language.extrapolated(new Row(Map.of("age", 150.0), null))).containsExactly("age");
  }

  @Test
  void theCompletionIsWhatTheTrendLeavesOver() {
    TaskLanguage language = trend();
    Prompt prompt = language.prompt(new Row(Map.of("age", 150.0), 403.0));

    String completion = language.completion(prompt, 403.0);

    double[] certain = new double[100];
    certain[Integer.parseInt(completion.replace("@@@", ""))] = 1;
    assertThat(language.answer(prompt, certain).value()).isCloseTo(403, within(0.2));
  }

  private static TaskLanguage trend() {
    TaskSpec plain =
        regression(new NumberStats(100, 200, 60, 100, 300, 2), TemplateSpec.paper()).task();
    Extrapolation extrapolation =
        new Extrapolation(
            100,
            List.of(new Extrapolation.Term("age", 2, 0.1)),
            new Extrapolation.Residual(0, 5, -10, 10));
    return new TaskLanguage(plain.toBuilder().extrapolation(extrapolation).build());
  }

  @Test
  void theHashFollowsTheLanguageAndNothingElse() {
    TaskSpec task = Tasks.loans(TemplateSpec.paper(), NumberFormat.grid());
    TaskSpec renamed =
        new TaskSpec(
            "other",
            7,
            task.type(),
            task.features(),
            task.target(),
            task.template(),
            task.numbers(),
            List.of(Source.of("somewhere")),
            null,
            null);
    String hash = new TaskLanguage(task).hash();

    assertThat(hash).matches("[0-9a-f]{64}").isEqualTo(new TaskLanguage(renamed).hash());
    assertThat(language(TemplateSpec.named(), NumberFormat.grid()).hash()).isNotEqualTo(hash);
    assertThat(language(TemplateSpec.paper(), NumberFormat.fixed(2)).hash()).isNotEqualTo(hash);
  }

  private static void rejects(String sentence, String why) {
    assertThatThrownBy(() -> language(TemplateSpec.free(sentence), NumberFormat.grid()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static String text(TemplateSpec template, NumberFormat numbers) {
    return language(template, numbers).prompt(ROW).text();
  }

  private static TaskLanguage language(TemplateSpec template, NumberFormat numbers) {
    return new TaskLanguage(Tasks.loans(template, numbers));
  }

  private static TaskLanguage price(TemplateSpec template) {
    return regression(new NumberStats(100, 50, 30, 0, 100, 2), template);
  }

  private static TaskLanguage regression(NumberStats price, TemplateSpec template) {
    NumberStats age = new NumberStats(100, 50, 10, 0, 100, 0);
    return new TaskLanguage(
        Tasks.of(
            TaskType.REGRESSION,
            List.of(Column.number("age", age)),
            Column.number("price", price),
            template,
            NumberFormat.grid()));
  }
}
