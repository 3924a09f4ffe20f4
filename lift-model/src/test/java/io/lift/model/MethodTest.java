package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.ContextPolicy;
import io.lift.core.task.ContextPolicy.Pick;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.method.ContextRows;
import io.lift.model.random.SeededRandom;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each variant of the method changes in training or scoring. */
class MethodTest {
  private static final TaskLanguage LANGUAGE = Examples.signs();
  private static final List<Example> ROWS = Examples.examples(Examples.signs(60, 1));
  private static final List<Prompt> QUERIES = Examples.prompts(Examples.signs(10, 9));
  private static final RoundProgress ON = (step, steps, loss) -> true;

  @TempDir static Path folder;
  private static BaseModel embedded;
  private static BaseModel published;

  @BeforeAll
  static void open() throws Exception {
    embedded = BaseModel.embedded();
    published = RandomModel.published(folder);
  }

  @AfterAll
  static void close() {
    embedded.close();
    published.close();
  }

  @Test
  void withoutFineTuningAPublishedModelAnswersAfterTheRowsOfTheWindow() {
    for (Pick pick : Pick.values()) {
      ContextPolicy four = new ContextPolicy(pick, 4);
      byte[] checkpoint;
      try (FineTuning tuning =
          FineTuning.start(published, LANGUAGE, policy(context(four, false)).build())) {
        RoundReport report = tuning.round(ROWS.subList(30, 60), ROWS.subList(0, 30), ON);
        assertThat(report.completed()).isTrue();
        assertThat(report.steps()).isZero();
        assertThat(tuning.step()).isZero();
        checkpoint = tuning.checkpoint();
      }
      ContextRows rows = new ContextRows(LANGUAGE.task(), four, 0, ROWS);
      List<Prompt> after = QUERIES.stream().map(rows::withContext).toList();
      try (Scorer scorer = Scorer.of(published, LANGUAGE, checkpoint);
          Scorer plain = Scorer.base(published, LANGUAGE)) {
        double[][] answers = scorer.probabilities(QUERIES);
        double[][] expected = plain.probabilities(after);
        double[][] alone = plain.probabilities(QUERIES);
        for (int i = 0; i < answers.length; i++) {
          assertThat(answers[i]).containsExactly(expected[i], within(1e-4));
        }
        assertThat(Arrays.stream(answers).mapToDouble(p -> p[0]).sum())
            .isNotCloseTo(Arrays.stream(alone).mapToDouble(p -> p[0]).sum(), within(1e-6));
      }
    }
  }

  @Test
  void fineTuningWithContextLearnsToUseIt() {
    // 40 places with labels at random: nothing to generalise, but the nearest row has the answer
    NumberStats stats = new NumberStats(100, 0, 1, -2, 2, 2);
    TaskLanguage language =
        Examples.language(
            TaskType.CLASSIFICATION,
            List.of(Column.number("a", stats), Column.number("b", stats)),
            Column.category("y", List.of("no", "yes")));
    SeededRandom random = new SeededRandom(3);
    List<Example> rows = new ArrayList<>();
    List<Example> queries = new ArrayList<>();
    for (int place = 0; place < 400; place++) {
      Map<String, Object> values = Map.of("a", random.gaussian(), "b", random.gaussian());
      String answer = random.uniform() < 0.5 ? "no" : "yes";
      Example row =
          new Example(language.prompt(new Row(values, null)), language.completion(answer));
      rows.add(row);
      rows.add(row);
      if (place < 100) {
        queries.add(row);
      }
    }
    ContextPolicy one = new ContextPolicy(Pick.NEAREST, 1);

    double with = accuracy(language, context(one, null), rows, queries);
    double without = accuracy(language, LearningMethod.PLAIN, rows, queries);

    assertThat(with).isGreaterThan(0.9);
    assertThat(without).isLessThan(0.8);
  }

  private static double accuracy(
      TaskLanguage language, LearningMethod method, List<Example> rows, List<Example> queries) {
    TrainingPolicy policy = policy(method).maxSteps(150).epochs(50.0).build();
    try (FineTuning tuning = FineTuning.start(embedded, language, policy)) {
      tuning.round(rows, List.of(), ON);
      try (Scorer scorer = Scorer.of(embedded, language, tuning.checkpoint())) {
        double[][] found = scorer.probabilities(queries.stream().map(Example::prompt).toList());
        int right = 0;
        for (int i = 0; i < found.length; i++) {
          boolean yes = found[i][1] > found[i][0];
          right += yes == queries.get(i).completion().equals("yes@@@") ? 1 : 0;
        }
        return right / (double) found.length;
      }
    }
  }

  @Test
  void balancedLabelsAreAnsweredAsIfTheyWereEquallyFrequent() {
    // nothing in a row says which label it has; one in ten is yes
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < ROWS.size(); i++) {
      rows.add(new Example(ROWS.get(i).prompt(), i % 10 == 0 ? "yes@@@" : "no@@@"));
    }
    LearningMethod balance = LearningMethod.builder().balance(true).build();

    assertThat(meanOfYes(LearningMethod.PLAIN, rows)).isLessThan(0.25);
    assertThat(meanOfYes(balance, rows)).isGreaterThan(0.35);
  }

  private static double meanOfYes(LearningMethod method, List<Example> rows) {
    TrainingPolicy policy = policy(method).maxSteps(30).build();
    try (FineTuning tuning = FineTuning.start(embedded, LANGUAGE, policy)) {
      tuning.round(rows, List.of(), ON);
      try (Scorer scorer = Scorer.of(embedded, LANGUAGE, tuning.checkpoint())) {
        return Arrays.stream(scorer.probabilities(QUERIES))
            .mapToDouble(p -> p[1])
            .average()
            .orElse(0);
      }
    }
  }

  @Test
  void generatedTasksAreTrainedBeforeTheFirstRowsAndNeverAgain() {
    for (BaseModel base : List.of(embedded, published)) {
      LearningMethod two = LearningMethod.builder().twoStage(true).build();
      int plain = steps(base, LearningMethod.PLAIN).get(0);
      List<Integer> staged = steps(base, two);

      // 3 epochs over 100 rows, at each of 4 visits
      int batch = base == embedded ? 30 : 4; // no more than there are rows
      assertThat(staged.get(0)).isEqualTo(plain + 4 * (300 / batch));
      assertThat(staged.get(1)).isEqualTo(steps(base, LearningMethod.PLAIN).get(1));
    }
  }

  private static List<Integer> steps(BaseModel base, LearningMethod method) {
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, policy(method).build())) {
      return List.of(
          tuning.round(ROWS.subList(0, 30), List.of(), ON).steps(),
          tuning.round(ROWS.subList(30, 60), ROWS.subList(0, 30), ON).steps());
    }
  }

  @Test
  void everyVariantLearnsSomethingElse() {
    List<byte[]> checkpoints = new ArrayList<>();
    ContextPolicy two = new ContextPolicy(Pick.RANDOM, 2);
    for (LearningMethod method :
        List.of(
            LearningMethod.PLAIN,
            LearningMethod.builder().context(two).build(),
            LearningMethod.builder().balance(true).build(),
            LearningMethod.builder().mixup(0.5).build(),
            LearningMethod.builder().noise(0.3).build(),
            LearningMethod.builder().shuffleColumns(true).build(),
            LearningMethod.builder().twoStage(true).build())) {
      // the generated tasks take most of the steps: once is enough
      for (BaseModel base :
          method.usesTwoStages() ? List.of(embedded) : List.of(embedded, published)) {
        try (FineTuning tuning = FineTuning.start(base, LANGUAGE, policy(method).build())) {
          assertThat(tuning.round(ROWS, List.of(), ON).loss()).isFinite();
          byte[] checkpoint = weights(tuning.checkpoint());
          assertThat(checkpoints).doesNotContain(checkpoint);
          checkpoints.add(checkpoint);
        }
      }
    }
  }

  /** The file behind its header, which also tells the recipe. */
  private static byte[] weights(byte[] file) {
    long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Arrays.copyOfRange(file, (int) header + 8, file.length);
  }

  @Test
  void allVariantsTogetherContinueBitForBitAfterAnyStep() {
    LearningMethod all =
        LearningMethod.builder()
            .context(new ContextPolicy(Pick.RANDOM, 2))
            .balance(true)
            .mixup(0.5)
            .noise(0.1)
            .shuffleColumns(true)
            .twoStage(true)
            .build();
    TrainingPolicy policy = policy(all).build();
    List<byte[]> parts = new ArrayList<>();
    byte[] straight;
    try (FineTuning tuning = FineTuning.start(embedded, LANGUAGE, policy)) {
      tuning.round(ROWS, List.of(), (step, steps, loss) -> parts.add(tuning.checkpoint()));
      straight = tuning.checkpoint();
    }
    for (int step : List.of(1, 37, parts.size() - 1)) {
      try (FineTuning tuning = FineTuning.resume(embedded, LANGUAGE, policy, parts.get(step))) {
        tuning.round(ROWS, List.of(), ON);
        assertThat(tuning.checkpoint()).isEqualTo(straight);
      }
    }
  }

  @Test
  void aCheckpointWithDamagedContextIsRejected() {
    byte[] file;
    LearningMethod method = context(new ContextPolicy(Pick.NEAREST, 2), false);
    try (FineTuning tuning = FineTuning.start(embedded, LANGUAGE, policy(method).build())) {
      tuning.round(ROWS, List.of(), ON);
      file = tuning.checkpoint();
    }
    String text = new String(file, StandardCharsets.ISO_8859_1);
    byte[] damaged =
        text.replace("\\\"pick\\\":\\\"NEAREST", "\\\"pick\\\":\\\"NEATEST")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(damaged).hasSameSizeAs(file).isNotEqualTo(file);
    assertThatThrownBy(() -> Scorer.of(embedded, LANGUAGE, damaged))
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageContaining("rows in context");
  }

  private static LearningMethod context(ContextPolicy context, Boolean fineTuning) {
    return LearningMethod.builder().context(context).fineTuning(fineTuning).build();
  }

  private static TrainingPolicy.Builder policy(LearningMethod method) {
    return TrainingPolicy.builder().maxSteps(12).members(1).seed(0L).method(method);
  }
}
