package io.lift.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.checkpoint.InvalidModelException;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishedEncoderTest {
  private static final NumberStats STATS = new NumberStats(100, 0, 1, -3, 3, 2);
  private static final TaskLanguage WORDS =
      language(
          TaskType.CLASSIFICATION,
          NumberFormat.fixed(2),
          Column.category(
              "y",
              List.of("no", "yes", "yes@", "1", "10", "100", "new in town", "né", "👍🏽", "#")));
  private static final TaskLanguage CELLS =
      language(TaskType.REGRESSION, NumberFormat.grid(), Column.number("y", STATS));

  private static final PublishedTokenizer BYTE_LEVEL =
      PublishedTokenizer.read("tokenizer.json", TinyTokenizers.byteLevel(120));
  private static final PublishedTokenizer METASPACE =
      PublishedTokenizer.read("tokenizer.json", TinyTokenizers.metaspace(120));

  static Stream<PublishedTokenizer> both() {
    return Stream.of(BYTE_LEVEL, METASPACE);
  }

  @AfterAll
  static void close() {
    both().forEach(PublishedTokenizer::close);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("both")
  void trainingAndScoringReadTheSameTokensForEveryCandidate(PublishedTokenizer tokenizer) {
    Random random = new Random(4);
    for (TaskLanguage language : List.of(WORDS, CELLS)) {
      TaskEncoder encoder = encoder(tokenizer, language, 512);
      for (int i = 0; i < 60; i++) {
        Prompt prompt = prompt(language, random);
        for (String candidate : language.candidates()) {
          Example example = new Example(prompt, candidate + TaskLanguage.END_OF_COMPLETION);
          Sequence trained = encoder.training(example, true);
          int[] scored =
              joined(joined(encoder.prompt(prompt), encoder.answer(candidate)), encoder.end());
          assertThat(trained.ids()).isEqualTo(scored);
          assertThat(trained.completion())
              .isEqualTo(encoder.answer(candidate).length + encoder.end().length);
          assertThat(trained.hasEndMark()).isTrue();
        }
      }
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("both")
  void theTokensSpellThePapersText(PublishedTokenizer tokenizer) {
    TaskEncoder encoder = encoder(tokenizer, WORDS, 512);
    Prompt prompt = WORDS.prompt(new Row(Map.of("a", 5.1, "b", -0.25, "note", "ok"), null));
    for (String candidate : WORDS.candidates()) {
      int[] ids = encoder.training(new Example(prompt, candidate + "@@@"), true).ids();
      int[] text = Arrays.copyOfRange(ids, tokenizer.beginning().length, ids.length);
      assertThat(tokenizer.decode(text))
          .isEqualTo(
              "When we have x1=5.10, x2=-0.25, x3=ok, What is this type? ### " + candidate + "@@@");
    }
  }

  @Test
  void theBoundaryIsWhereTheWholeTextsOwnTokensHaveIt() {
    // GPT-2's words never join what stands before a blank with what stands after it
    TaskEncoder encoder = encoder(BYTE_LEVEL, CELLS, 512);
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      Prompt prompt = prompt(CELLS, random);
      String cell = Integer.toString(random.nextInt(100));
      assertThat(encoder.training(new Example(prompt, cell + "@@@"), true).ids())
          .isEqualTo(BYTE_LEVEL.start(prompt.text() + " " + cell + "@@@"));
    }
  }

  @Test
  void aContextIsReadAsItIsWrittenAndLosesItsFirstRowsWhereItIsTooLong() {
    Random random = new Random(6);
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(new Example(prompt(CELLS, random), random.nextInt(100) + "@@@"));
    }
    Prompt asked = prompt(CELLS, random);
    Prompt after = asked.withContext(rows);

    assertThat(encoder(BYTE_LEVEL, CELLS, 4096).prompt(after))
        .isEqualTo(BYTE_LEVEL.start(after.fullText()));
    int[] cut = encoder(BYTE_LEVEL, CELLS, 256).prompt(after);
    assertThat(cut.length).isLessThan(256);
    String text = BYTE_LEVEL.decode(cut);
    assertThat(text).startsWith("When we have").endsWith(asked.text());
    assertThat(after.fullText()).endsWith(text);
    assertThat(text.split("@@@").length).isGreaterThan(1);
  }

  @Test
  void theBeginningMarkOpensEveryPromptAndALongOneKeepsItsQuestion() {
    Prompt prompt = WORDS.prompt(new Row(Map.of("note", "x".repeat(200)), null));
    int[] whole = encoder(METASPACE, WORDS, 512).prompt(prompt);
    TaskEncoder narrow = encoder(METASPACE, WORDS, 60);
    int[] cut = narrow.prompt(prompt);

    assertThat(whole[0]).isEqualTo(1);
    assertThat(cut[0]).isEqualTo(1);
    assertThat(cut.length).isLessThan(whole.length);
    assertThat(Arrays.copyOfRange(cut, 1, cut.length))
        .isEqualTo(Arrays.copyOfRange(whole, whole.length - cut.length + 1, whole.length));
    for (String candidate : WORDS.candidates()) {
      assertThat(narrow.training(new Example(prompt, candidate + "@@@"), true).length())
          .isLessThanOrEqualTo(60);
    }
  }

  @Test
  void aModelTooShortForTheAnswersIsRefused() {
    assertThatThrownBy(() -> encoder(METASPACE, WORDS, 8))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("but the model reads only 8");
  }

  private static TaskEncoder encoder(
      PublishedTokenizer tokenizer, TaskLanguage language, int maxLength) {
    return new PublishedEncoder(tokenizer, tokenizer.size(), language, maxLength);
  }

  private static Prompt prompt(TaskLanguage language, Random random) {
    return language.prompt(
        new Row(
            Map.of(
                "a",
                random.nextGaussian() * Math.pow(10, random.nextInt(4)),
                "b",
                random.nextGaussian(),
                "note",
                PublishedTokenizerTest.random(random)),
            null));
  }

  private static TaskLanguage language(TaskType type, NumberFormat numbers, Column target) {
    return new TaskLanguage(
        new TaskSpec(
            "trial",
            1,
            type,
            List.of(Column.number("a", STATS), Column.number("b", STATS), Column.text("note")),
            target,
            null,
            numbers,
            null,
            null,
            null));
  }

  private static int[] joined(int[] a, int[] b) {
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
