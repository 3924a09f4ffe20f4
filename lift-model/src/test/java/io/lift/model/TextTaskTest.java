package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.LabelledRowReader.LabelledRow;
import io.lift.model.incontext.InContextReader;
import io.lift.model.incontext.StoredRows;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.Checkpoint.Support;
import io.lift.model.training.CheckpointCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A task whose only column is a text, with the encoder. */
class TextTaskTest {
  private static final TaskLanguage LANGUAGE =
      Examples.language(
          TaskType.CLASSIFICATION,
          List.of(Column.text("message")),
          Column.category("topic", List.of("food", "money", "weather")));
  private static final List<String> FOOD =
      List.of("the soup was cold", "bread with butter", "a glass of wine", "onions and cheese");
  private static final List<String> MONEY =
      List.of("the bank charged me", "my salary is late", "he owes a dollar", "a tax refund");
  private static final List<String> WEATHER =
      List.of("it rains all day", "snow on the hills", "a warm wind", "the sun is out");

  private static BaseModel base;

  @BeforeAll
  static void open() {
    base = BaseModel.open(null, "cpu");
  }

  @AfterAll
  static void close() {
    base.close();
  }

  private static Prompt prompt(String text) {
    return LANGUAGE.prompt(new Row(Map.of("message", text), null));
  }

  private static List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      examples.add(new Example(prompt(FOOD.get(i)), LANGUAGE.completion("food")));
      examples.add(new Example(prompt(MONEY.get(i)), LANGUAGE.completion("money")));
      examples.add(new Example(prompt(WEATHER.get(i)), LANGUAGE.completion("weather")));
    }
    return examples;
  }

  private static byte[] learned() {
    try (FineTuning tuning =
        FineTuning.start(base, LANGUAGE, TrainingPolicy.builder().seed(1L).build())) {
      tuning.round(examples(), List.of(), (step, steps, loss) -> true);
      return tuning.checkpoint();
    }
  }

  private static void checkAnswers(Scorer scorer) {
    List<Answer> answers =
        scorer.score(
            List.of(
                prompt("two plates of rice"), prompt("i paid the rent"), prompt("a cold storm")));
    assertThat(answers).extracting(Answer::label).containsExactly("food", "money", "weather");
  }

  @Test
  void beforeTheFirstLabelRowsAreAnsweredByWhatTheLabelsMean() {
    try (Scorer scorer = Scorer.base(base, LANGUAGE)) {
      checkAnswers(scorer);
    }
  }

  @Test
  void aCheckpointKeepsTheTextsThatItAnswersFrom() {
    byte[] file = learned();
    Checkpoint checkpoint = read(file);
    assertThat(checkpoint.provenance().ensemble().inContext()).isGreaterThan(0.8);
    assertThat(checkpoint.support().rows().texts()).contains(List.of("bread with butter"));
    try (Scorer scorer = Scorer.of(base, LANGUAGE, file)) {
      checkAnswers(scorer);
    }
  }

  @Test
  void aCheckpointWhoseTextsAreNotOfTheTaskIsRejected() {
    byte[] file = learned();
    Checkpoint checkpoint = read(file);
    Support support = checkpoint.support();
    StoredRows fewer = new StoredRows(support.rows().table(), List.of(List.of("one text")));
    StoredRows none = new StoredRows(support.rows().table(), null);
    for (StoredRows rows : List.of(fewer, none)) {
      byte[] other =
          CheckpointCodec.encode(
              checkpoint.with(new Support(rows, support.inContextModel(), null)));
      assertThatThrownBy(() -> Scorer.of(base, LANGUAGE, other).close())
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessageContaining("texts are not of this task");
    }
  }

  private static Checkpoint read(byte[] file) {
    return new ParameterFactory(base, LANGUAGE).read(file);
  }

  @Test
  void labelledRowsAreReadWithTheirTexts() {
    LabelledRowReader reader = LabelledRowReader.of(base, LANGUAGE).orElseThrow();
    List<LabelledRow> rows =
        examples().stream().map(e -> reader.row(e.prompt(), e.completion()).orElseThrow()).toList();
    assertThat(rows.get(0).content().texts()).containsExactly("the soup was cold");
    assertThat(reader.online()).isEmpty();
    assertThat(reader.boosts()).isFalse();
    try (InContextReader.Context context = reader.read(rows)) {
      double[] answer = context.probabilities(List.of(reader.content(prompt("a bowl of soup"))))[0];
      assertThat(answer[0]).isGreaterThan(0.6);
      assertThat(answer[0] + answer[1] + answer[2]).isCloseTo(1, within(1e-6));
    }
  }
}
