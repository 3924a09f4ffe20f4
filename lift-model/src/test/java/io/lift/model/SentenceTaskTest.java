package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.LabelSentences;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.encoder.TextEncoder;
import io.lift.model.encoder.TextFeatures;
import io.lift.model.encoder.TextReader;
import io.lift.model.incontext.texts.LabelMeanings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tasks whose base model is an encoder: adapters, and answers that are labels' sentences. */
class SentenceTaskTest {
  private static final NumberStats AGES = new NumberStats(100, 0, 100, 50, 30, 0);
  private static final TaskLanguage LANGUAGE =
      new TaskLanguage(
          Examples.language(
                  TaskType.CLASSIFICATION,
                  List.of(Column.text("message"), Column.number("age", AGES)),
                  Column.category("topic", List.of("food", "money")))
              .task()
              .toBuilder()
              .template(TemplateSpec.named())
              .build());
  private static final List<String> FOOD =
      List.of("the soup was cold", "bread with butter", "a glass of wine", "onions and cheese");
  private static final List<String> MONEY =
      List.of("the bank charged me", "my salary is late", "he owes a dollar", "a tax refund");

  private static BaseModel base;

  @BeforeAll
  static void open() {
    base = BaseModel.open(ModelFolder.MINILM, "cpu");
  }

  @AfterAll
  static void close() {
    base.close();
  }

  private static Prompt prompt(String text, int age) {
    return LANGUAGE.prompt(new Row(Map.of("message", text, "age", (double) age), null));
  }

  /** Messages about food and money; the labels may be exchanged, which no pretraining knows. */
  private static List<Example> examples(boolean exchanged) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      examples.add(
          new Example(
              prompt(FOOD.get(i), 20 * i), LANGUAGE.completion(exchanged ? "money" : "food")));
      examples.add(
          new Example(
              prompt(MONEY.get(i), 25 * i), LANGUAGE.completion(exchanged ? "food" : "money")));
    }
    return examples;
  }

  private static List<String> labels(Scorer scorer) {
    List<Answer> answers =
        scorer.score(List.of(prompt("two plates of rice", 40), prompt("i paid the rent", 41)));
    return answers.stream().map(Answer::label).toList();
  }

  @Test
  void anEncoderAnswersBeforeItHasLearned() {
    try (Scorer scorer = Scorer.base(base, LANGUAGE)) {
      assertThat(labels(scorer)).containsExactly("food", "money");
    }
  }

  @Test
  void anotherEncoderComparesRowsWithItsOwnVectorsOfTheLabels() throws Exception {
    Path folder = Path.of(BaseModel.class.getResource("encoder").toURI());
    String row = "the soup was cold";
    String sentence = prompt(row, 3).text().replace("###", "").strip();
    List<List<String>> labels = LabelSentences.ofAll(LANGUAGE.task());
    try (BaseModel tiny = BaseModel.open(folder.toString(), "cpu");
        Scorer scorer = Scorer.base(tiny, LANGUAGE);
        TextReader reader = new TextReader(TextEncoder.open(folder, "cpu"))) {
      TextFeatures[] read = reader.read(List.of(sentence)).toArray(TextFeatures[]::new);
      double[] expected = LabelMeanings.of(reader, labels).orElseThrow().probabilities(read);
      double[] found = scorer.probabilities(List.of(prompt(row, 3)))[0];
      assertThat(found).containsExactly(expected, within(1e-4));
    }
  }

  @Test
  void adaptersLearnWhatIsAgainstTheMeaningOfTheWords() {
    byte[] file;
    TrainingPolicy policy = TrainingPolicy.builder().epochs(30.0).seed(1L).build();
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, policy)) {
      RoundReport report = tuning.round(examples(true), List.of(), (step, steps, loss) -> true);
      assertThat(report.completed()).isTrue();
      file = tuning.checkpoint();
    }
    try (Scorer scorer = Scorer.of(base, LANGUAGE, file)) {
      assertThat(labels(scorer)).containsExactly("money", "food");
      double[][] together =
          scorer.probabilities(List.of(prompt("rice", 1), prompt("two plates of rice", 2)));
      double[] alone = scorer.probabilities(List.of(prompt("rice", 1)))[0];
      assertThat(together[0]).containsExactly(alone, within(1e-4));
      assertThat(alone[0] + alone[1]).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void aRoundIsTheSameWhenItIsRepeated() {
    TrainingPolicy policy = TrainingPolicy.builder().maxSteps(3).seed(2L).build();
    List<byte[]> files = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (FineTuning tuning = FineTuning.start(base, LANGUAGE, policy)) {
        tuning.round(examples(false), List.of(), (step, steps, loss) -> true);
        files.add(tuning.checkpoint());
      }
    }
    assertThat(files.get(0)).isEqualTo(files.get(1));
  }

  @Test
  void numbersNeedADecoder() {
    TaskLanguage regression =
        Examples.language(
            TaskType.REGRESSION, List.of(Column.text("message")), Column.number("age", AGES));
    assertThatThrownBy(() -> FineTuning.start(base, regression, TrainingPolicy.defaults()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("needs a decoder");
  }
}
