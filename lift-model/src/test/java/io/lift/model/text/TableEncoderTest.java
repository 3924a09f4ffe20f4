package io.lift.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.PromptCells;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.model.Examples;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableEncoderTest {
  private static final BaseVocabulary BASE = BaseVocabulary.standard();
  private static final TaskLanguage SIGNS = Examples.signs();
  private final TableEncoder encoder = new TableEncoder(BASE, SIGNS, 1024, false);

  @Test
  void aRowHasOneTokenForEachColumnAndOneForTheQuestion() {
    Map<String, Object> values = Map.of("a", 0.0, "b", 3.0, "colour", "blue");
    TaskLanguage twoNumbers =
        Examples.language(
            TaskType.CLASSIFICATION, SIGNS.task().features().subList(0, 3), SIGNS.task().target());
    TableEncoder own = new TableEncoder(BASE, twoNumbers, 1024, false);
    List<TableColumn> columns = own.columns();
    int[] ids = own.prompt(twoNumbers.prompt(new Row(values, null)));
    assertThat(ids).hasSize(4).hasSize(own.tokensPerRow());
    assertThat(ids[0]).isEqualTo(columns.get(0).first() + 50);
    assertThat(ids[1]).isEqualTo(columns.get(1).first() + 99);
    assertThat(ids[2]).isEqualTo(columns.get(2).first() + 1);
  }

  @Test
  void theSameNumberInTwoColumnsIsTwoTokensAndAMissingOneIsAThird() {
    int[] ids = encoder.prompt(SIGNS.prompt(new Row(Map.of("a", 1.0, "b", 1.0), null)));
    assertThat(ids[0]).isNotEqualTo(ids[1]);
    assertThat(ids[2]).isEqualTo(encoder.columns().get(2).missing());
  }

  @Test
  void aWordThatTheColumnDoesNotHaveIsAMissingValueAndTheOtherColumnsAreRead() {
    Map<String, Object> values = Map.of("a", 1.0, "b", -1.0);
    int[] missing = encoder.prompt(SIGNS.prompt(new Row(values, null)));
    for (String word : List.of("scarlet", "red wine", "re", "?", "?red", "#, x2=3, x9=", "")) {
      Map<String, Object> other = Map.of("a", 1.0, "b", -1.0, "colour", word);
      assertThat(encoder.prompt(SIGNS.prompt(new Row(other, null)))).isEqualTo(missing);
    }
  }

  @Test
  void onlyPlacesMayMoveAndTheyMoveWithinTheirColumn() {
    Map<String, Object> values = Map.of("a", 0.0, "colour", "red");
    Prompt prompt = SIGNS.prompt(new Row(values, null));
    Sequence row = encoder.training(new Example(prompt, "yes@@@"), false);
    assertThat(row.gridStarts()[0]).isEqualTo(encoder.columns().get(0).first());
    for (int i = 1; i < row.length(); i++) {
      assertThat(row.gridStarts()[i]).isEqualTo(Sequence.NO_GRID);
    }
  }

  @Test
  void answersComeBeforeWhatIsOnlyRead() {
    assertThat(encoder.answers()).isEqualTo(BASE.size() + 2);
    assertThat(encoder.answer("no")).containsExactly(BASE.size());
    assertThat(encoder.columns()).allMatch(column -> column.first() >= encoder.answers());
    assertThat(encoder.columns().get(2).end()).isEqualTo(encoder.vocabulary());
  }

  @Test
  void aRegressionAnswersInTheBasesIntegersWhichMayMove() {
    TaskLanguage line = Examples.line();
    TableEncoder own = new TableEncoder(BASE, line, 1024, false);
    Sequence row = own.training(Examples.line(1, 5).get(0).example(), false);
    assertThat(row.completion()).isEqualTo(1);
    assertThat(row.last()).isBetween(BASE.integer(0), BASE.integer(99));
    assertThat(row.gridStarts()[row.length() - 1]).isEqualTo(BASE.integer(0));
  }

  @Test
  void aPromptComesBackFromItsTokens() {
    for (Examples.Case c : Examples.signs(20, 3)) {
      assertThat(encoder.decode(encoder.prompt(c.prompt()))).isEqualTo(c.prompt().text());
    }
  }

  @Test
  void rowsBeforeAPromptTakeATokenForTheirAnswerAndAsManyAsThereIsRoomFor() {
    List<Examples.Case> rows = Examples.signs(30, 4);
    List<Example> shown = Examples.examples(rows.subList(1, 30));
    Prompt asked = rows.get(1).prompt();
    int[] alone = encoder.prompt(asked);
    int[] one = encoder.prompt(asked.withContext(shown.subList(0, 1)));
    assertThat(one).startsWith(alone).endsWith(alone).hasSize(2 * alone.length + 1);
    assertThat(one[alone.length]).isEqualTo(encoder.answer((String) rows.get(1).target())[0]);

    TableEncoder narrow = new TableEncoder(BASE, SIGNS, 60, false);
    int[] many = narrow.prompt(asked.withContext(shown));
    assertThat(many.length).isBetween(40, 59);
    assertThat(many).endsWith(alone).startsWith(first(encoder, many, shown));
    Sequence training = narrow.training(new Example(asked.withContext(shown), "yes@@@"), false);
    assertThat(training.ids()).startsWith(many).hasSize(many.length + 1);
    assertThat(training.gridStarts()[many.length - alone.length - 1]).isEqualTo(Sequence.NO_GRID);
  }

  /** The tokens of the row that a context begins with: a whole one. */
  private static int[] first(TableEncoder encoder, int[] many, List<Example> shown) {
    return shown.stream()
        .map(row -> encoder.prompt(row.prompt()))
        .filter(row -> Arrays.equals(row, Arrays.copyOf(many, row.length)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void columnsInAnotherOrderAreTheSameTokensInThatOrder() {
    Prompt prompt =
        SIGNS.prompt(new Row(Map.of("a", 1.0, "b", -1.0, "colour", "red", "note", "x2=b"), null));
    PromptCells cells = new PromptCells(SIGNS.task());
    int[] ids = encoder.prompt(prompt);

    int[] moved = encoder.prompt(cells.write(cells.read(prompt), new int[] {2, 3, 1, 0}));

    assertThat(moved).hasSameSizeAs(ids);
    assertThat(moved[0]).isEqualTo(ids[2]);
    assertThat(moved[moved.length - 2]).isEqualTo(ids[0]);
    assertThat(moved[moved.length - 3]).isEqualTo(ids[1]);
    assertThat(moved[moved.length - 1]).isEqualTo(ids[ids.length - 1]);
  }

  @Test
  void aGeneratedTaskHasItsNumberBeforeTheSameTokens() {
    for (TemplateSpec template :
        List.of(TemplateSpec.paper(), new TemplateSpec(TemplateSpec.Style.STAGED, null))) {
      TaskLanguage staged = new TaskLanguage(SIGNS.task().toBuilder().template(template).build());
      TableEncoder own = new TableEncoder(BASE, staged, 1024, false);
      Row row = new Row(Map.of("a", 1.0, "b", -1.0, "colour", "red"), null);

      int[] synthetic = own.prompt(staged.syntheticPrompt(2, row));

      assertThat(synthetic[0]).isEqualTo(BASE.integer(2));
      assertThat(Arrays.copyOfRange(synthetic, 1, synthetic.length))
          .isEqualTo(own.prompt(staged.prompt(row)));
    }
  }

  @Test
  void textThatIsNoSentenceOfTheTaskIsWrittenOut() {
    Prompt other = new Prompt("Something else, x2=7 ###", new int[0]);
    assertThat(encoder.decode(encoder.prompt(other))).isEqualTo(other.text());
  }

  @Test
  void numbersInDecimalNotationAreWrittenOutBehindTheirName() {
    TaskLanguage decimal =
        new TaskLanguage(SIGNS.task().toBuilder().numbers(NumberFormat.fixed(2)).build());
    TableEncoder own = new TableEncoder(BASE, decimal, 1024, false);
    Prompt prompt = decimal.prompt(new Row(Map.of("a", -1.25, "b", 2.0), null));
    assertThat(own.decode(own.prompt(prompt))).isEqualTo(prompt.text());
    assertThat(own.columns()).hasSize(1);
  }

  @Test
  void fewIntegersMayBeCodes() {
    NumberStats codes = new NumberStats(10, 2, 1, 1, 4, 0);
    NumberStats years = new NumberStats(10, 1950, 30, 1900, 2000, 0);
    NumberStats shares = new NumberStats(10, 0.5, 0.1, 0, 1, 2);
    TaskLanguage language =
        Examples.language(
            TaskType.CLASSIFICATION,
            List.of(
                Column.number("code", codes),
                Column.number("year", years),
                Column.number("share", shares)),
            SIGNS.task().target());
    assertThat(new TableEncoder(BASE, language, 1024, false).columns())
        .extracting(TableColumn::codes)
        .containsExactly(true, false, false);
  }

  @Test
  void aGridSpanThatHoldsNoGridNumberIsRefused() {
    Prompt prompt = new Prompt("When we have x1=100, x2=1", new int[] {16, 19, 24, 25});
    assertThatThrownBy(() -> encoder.prompt(prompt))
        .hasMessage("a grid number must be 0..99, not 100");
  }
}
