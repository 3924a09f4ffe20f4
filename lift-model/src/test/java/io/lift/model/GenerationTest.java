package io.lift.model;

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
import io.lift.core.task.TrainingPolicy;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.ensemble.NumberEncoding;
import io.lift.model.method.RowReader;
import io.lift.model.random.SeededRandom;
import io.lift.model.scoring.RowSampler.Sample;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableColumn;
import io.lift.model.text.TableEncoder;
import io.lift.model.training.Preset;
import io.lift.model.training.RoundBatches;
import io.lift.model.training.TrainingRecipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are sampled from what a task has learned. */
class GenerationTest {
  private static final RoundProgress ON = (step, steps, loss) -> true;

  /** The colour follows from the size, the label from the colour, each in nine of ten rows. */
  private static final TaskLanguage CHAIN =
      Examples.generating(
          Examples.language(
              TaskType.CLASSIFICATION,
              List.of(
                  Column.number("size", new NumberStats(300, 10, 2, 4, 16, 1)),
                  Column.category("colour", List.of("red", "blue"))),
              Column.category("good", List.of("no", "yes"))));

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

  private static List<Example> chain(int count) {
    SeededRandom random = new SeededRandom(4);
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double size = Math.max(4, Math.min(16, 10 + 2 * random.gaussian()));
      boolean large = size > 10;
      String colour = random.uniform() < 0.9 == large ? "red" : "blue";
      String good = random.uniform() < 0.9 == colour.equals("red") ? "yes" : "no";
      Map<String, Object> values = new HashMap<>(Map.of("colour", colour, "size", size));
      if (i % 10 == 0) {
        values.remove("size"); // neither known nor predicted
      }
      rows.add(new Example(CHAIN.prompt(new Row(values, null)), CHAIN.completion(good)));
    }
    return rows;
  }

  @Test
  void sampledRowsHaveTheDependenciesOfTheRowsLearned() {
    TrainingPolicy policy = policy(CHAIN).maxSteps(200).members(1).epochs(100.0).build();
    byte[] checkpoint;
    try (FineTuning tuning = FineTuning.start(embedded, CHAIN, policy)) {
      tuning.round(chain(300), List.of(), ON);
      checkpoint = tuning.checkpoint();
    }
    try (Scorer scorer = Scorer.of(embedded, CHAIN, checkpoint)) {
      Sample sample = scorer.sample(Map.of(), 1000, 1, 3);
      assertThat(sample.rejected()).isZero();
      List<Map<String, Object>> rows = sample.rows();
      assertThat(rows).hasSize(1000).allSatisfy(row -> assertThat(row).hasSize(3));

      // shares, then what depends on what: independence would give a half, and 10
      assertThat(share(rows, "colour", "red")).isBetween(0.4, 0.6);
      assertThat(share(where(rows, "colour", "red"), "good", "yes")).isBetween(0.8, 0.97);
      assertThat(share(where(rows, "colour", "blue"), "good", "yes")).isBetween(0.03, 0.2);
      assertThat(mean(where(rows, "colour", "red"))).isBetween(10.9, 11.8);
      assertThat(mean(where(rows, "colour", "blue"))).isBetween(8.2, 9.1);
      assertThat(mean(where(rows, "good", "yes"))).isBetween(10.5, 11.6);

      // the same laws backwards, from what is given
      assertThat(share(scorer.sample(Map.of("size", 13.0), 300, 1, 3).rows(), "colour", "red"))
          .isGreaterThan(0.75);
      List<Map<String, Object>> good = scorer.sample(Map.of("good", "yes"), 300, 1, 3).rows();
      assertThat(share(good, "good", "yes")).isEqualTo(1);
      assertThat(share(good, "colour", "red")).isBetween(0.8, 0.97);

      // without chance only the order of the columns differs
      assertThat(new HashSet<>(scorer.sample(Map.of("size", 13.0), 50, 0, 3).rows())).hasSize(1);
      assertThat(scorer.sample(Map.of(), 1000, 1, 3)).isEqualTo(sample);
      assertThat(scorer.sample(Map.of(), 1000, 1, 4)).isNotEqualTo(sample);
    }
  }

  private static List<Map<String, Object>> where(
      List<Map<String, Object>> rows, String column, String value) {
    return rows.stream().filter(row -> value.equals(row.get(column))).toList();
  }

  private static double share(List<Map<String, Object>> rows, String column, String value) {
    return where(rows, column, value).size() / (double) rows.size();
  }

  private static double mean(List<Map<String, Object>> rows) {
    return rows.stream().mapToDouble(row -> (Double) row.get("size")).average().orElseThrow();
  }

  @Test
  void aRegressionSamplesItsTargetToo() {
    TaskLanguage line = Examples.generating(Examples.line());
    TrainingPolicy policy = policy(line).maxSteps(200).members(1).epochs(100.0).build();
    try (FineTuning tuning = FineTuning.start(embedded, line, policy)) {
      tuning.round(Examples.examples(Examples.line(300, 1)), List.of(), ON);
      try (Scorer scorer = Scorer.of(embedded, line, tuning.checkpoint())) {
        double above = 0;
        for (Map<String, Object> row : scorer.sample(Map.of("a", 1.5), 300, 1, 3).rows()) {
          above += (Double) row.get("y") / 300;
        }
        double below = 0;
        for (Map<String, Object> row : scorer.sample(Map.of("y", -3.0), 300, 1, 3).rows()) {
          below += (Double) row.get("a") / 300;
        }
        assertThat(above).isBetween(2.0, 3.6); // 2a - b, and b has a mean of 0
        assertThat(below).isBetween(-1.7, -0.6); // 2/5 of y, as both have a deviation of 1
      }
    }
  }

  @Test
  void aPublishedModelAnswersInWords() {
    // a frozen model of random numbers, 32 a token, can learn little more
    TaskLanguage words =
        Examples.generating(
            Examples.language(
                TaskType.CLASSIFICATION,
                List.of(Column.category("a", List.of("on", "off"))),
                Column.category("b", List.of("no", "yes"))));
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Row row = new Row(Map.of("a", i % 2 == 0 ? "on" : "off"), null);
      rows.add(new Example(words.prompt(row), words.completion(i % 2 == 0 ? "yes" : "no")));
    }
    TrainingPolicy policy = policy(words).learningRate(4e-3).batch(8).epochs(40.0).build();
    try (FineTuning tuning = FineTuning.start(published, words, policy)) {
      tuning.round(rows, List.of(), ON);
      try (Scorer scorer = Scorer.of(published, words, tuning.checkpoint())) {
        Sample sample = scorer.sample(Map.of(), 300, 1, 3);
        assertThat(sample.rows()).hasSize(300);
        assertThat(sample.rejected()).isLessThan(30);
        assertThat(share(sample.rows(), "a", "on")).isBetween(0.3, 0.7);
        long alike =
            sample.rows().stream()
                .filter(row -> row.get("a").equals("on") == row.get("b").equals("yes"))
                .count();
        assertThat(alike).isGreaterThan(180); // as 150 would be if neither knew of the other
        assertThat(scorer.sample(Map.of("b", "yes"), 50, 1, 3).rows())
            .hasSize(50)
            .allSatisfy(row -> assertThat(row).containsEntry("b", "yes"));
      }
      try (Scorer untrained = Scorer.base(published, words)) {
        assertThat(untrained.sample(Map.of(), 5, 1, 3)).isEqualTo(new Sample(List.of(), 20));
      }
    }
  }

  @Test
  void roundsWithQuestionsAreStoppedAfterAnyStepAndGoOnBitForBit() {
    TaskLanguage signs = Examples.generating(Examples.signs());
    List<Example> first = Examples.examples(Examples.signs(24, 1));
    List<Example> second = Examples.examples(Examples.signs(12, 2));
    for (BaseModel base : List.of(embedded, published)) {
      TrainingPolicy policy = policy(signs).maxSteps(6).budget(10.0).seed(7L).build();
      List<byte[]> within = new ArrayList<>();
      byte[] straight;
      try (FineTuning tuning = FineTuning.start(base, signs, policy)) {
        RoundReport report =
            tuning.round(first, List.of(), (s, steps, loss) -> within.add(tuning.checkpoint()));
        assertThat(report.steps()).isEqualTo(12); // as many of questions as of answers
        assertThat(report.loss()).isFinite();
        tuning.round(second, first, ON);
        straight = tuning.checkpoint();
      }
      for (int step : List.of(0, 5, 10)) {
        try (FineTuning tuning = FineTuning.resume(base, signs, policy, within.get(step))) {
          tuning.round(first, List.of(), ON);
          tuning.round(second, first, ON);
          assertThat(tuning.checkpoint()).isEqualTo(straight);
        }
      }
    }
  }

  @Test
  void aMemberIsNeverTrainedOnQuestionsAboutItsHeldOutRows() {
    // every row has a word of its own, by which it is told
    List<String> ids = IntStream.range(0, 60).mapToObj(i -> "row " + i).toList();
    TaskLanguage language =
        Examples.generating(
            Examples.language(
                TaskType.CLASSIFICATION,
                List.of(Column.category("id", ids)),
                Column.category("y", List.of("no", "yes"))));
    List<Example> rows =
        ids.stream()
            .map(
                id ->
                    new Example(
                        language.prompt(new Row(Map.of("id", id), null)),
                        language.completion("no")))
            .toList();
    TableEncoder encoder = embedded.encoder(language);
    TrainingRecipe recipe =
        TrainingRecipe.of(Preset.EMBEDDED, policy(language).maxSteps(30).build());
    RowReader reader = new RowReader(language, recipe.method(), encoder, false, 0, rows, null);
    Ensemble ensemble = Ensemble.of(List.of(NumberEncoding.SMOOTH), Ensemble.FOLDS);
    RoundBatches batches =
        new RoundBatches(reader, 60, new Sequence[0][], ensemble, recipe, Set.of(), 0, 30);

    TableColumn known = encoder.columns().get(0);
    Map<Integer, Integer> byToken = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      byToken.put(known.first() + i, i);
      byToken.put(encoder.answer(0, ids.get(i)), i);
    }
    List<Set<Integer>> questioned =
        ensemble.members().stream().map(member -> (Set<Integer>) new HashSet<Integer>()).toList();
    assertThat(batches.steps()).isEqualTo(60);
    for (int s = 0; s < batches.steps(); s++) {
      assertThat(batches.asksColumns(s)).isEqualTo(s % 2 == 1);
      Sequence[][] batch = batches.batch(s, s);
      for (int m = 0; m < ensemble.size() && batches.asksColumns(s); m++) {
        for (Sequence question : batch[m]) {
          assertThat(question.length())
              .isBetween(2, 3); // perhaps a column, the question, an answer
          for (int token : question.ids()) {
            if (byToken.containsKey(token)) {
              questioned.get(m).add(byToken.get(token));
            }
          }
        }
      }
    }
    for (int m = 0; m < ensemble.size(); m++) {
      int fold = ensemble.members().get(m).fold();
      List<Integer> trained =
          IntStream.range(0, 60).filter(i -> batches.folds()[i] != fold).boxed().toList();
      assertThat(questioned.get(m)).containsExactlyInAnyOrderElementsOf(trained);
    }
  }

  @Test
  void theAnswersAreLearnedAlongWithTheQuestions() {
    TaskLanguage signs = Examples.generating(Examples.signs());
    TrainingPolicy policy = policy(signs).maxSteps(200).members(1).epochs(100.0).build();
    List<Examples.Case> queries = Examples.signs(100, 9);
    try (FineTuning tuning = FineTuning.start(embedded, signs, policy)) {
      tuning.round(Examples.examples(Examples.signs(300, 1)), List.of(), ON);
      try (Scorer scorer = Scorer.of(embedded, signs, tuning.checkpoint())) {
        double[][] found = scorer.probabilities(Examples.prompts(queries));
        long right =
            IntStream.range(0, found.length)
                .filter(i -> found[i][1] > 0.5 == queries.get(i).target().equals("yes"))
                .count();
        assertThat(right).isGreaterThan(90);
      }
    }
  }

  @Test
  void aTaskThatDoesNotAskColumnsHasNoRowsToGive() {
    TaskLanguage signs = Examples.signs();
    List<Prompt> prompts = Examples.prompts(Examples.signs(1, 1));
    try (Scorer scorer = Scorer.base(embedded, signs)) {
      assertThat(scorer.probabilities(prompts)).hasNumberOfRows(1);
      assertThatThrownBy(() -> scorer.sample(Map.of(), 1, 1, 0))
          .hasMessage("task trial does not learn to generate rows");
    }
  }

  @Test
  void theEmbeddedModelGeneratesGridNumbersOnly() {
    TaskSpec task = Examples.signs().task().toBuilder().numbers(NumberFormat.adaptive()).build();
    TaskLanguage language = Examples.generating(new TaskLanguage(task));
    assertThatThrownBy(() -> FineTuning.start(embedded, language, policy(language).build()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("number format grid");
  }

  private static TrainingPolicy.Builder policy(TaskLanguage language) {
    return TrainingPolicy.builder().seed(0L).method(language.task().training().method());
  }
}
