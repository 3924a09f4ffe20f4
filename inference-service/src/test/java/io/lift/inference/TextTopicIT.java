package io.lift.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Predictor;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages are told apart by what their labels mean, and then by labelled messages. */
@QuarkusTest
@WithBroker
class TextTopicIT extends InferenceFixture {
  /** Windows end at each fifth row at first. */
  private static final Map<String, String> KNOWN =
      Map.of(
          "The website shows an error since this morning", "technical",
          "I was charged twice for my order", "billing",
          "Please send me the invoice again", "billing",
          "My refund has not reached my bank", "billing",
          "The parcel is in the depot for days", "delivery",
          "The driver left the box at the wrong house", "delivery",
          "Two of the three items are missing", "delivery",
          "The app closes when I open the camera", "technical",
          "The screen stays black after the update", "technical",
          "Bluetooth keeps losing the connection", "technical");

  private static final Map<String, String> ASKED =
      Map.of(
          "You took money from my card although I cancelled", "billing",
          "The courier broke the vase", "delivery",
          "The program freezes when I print", "technical");

  private static final TaskSpec TASK =
      new TaskSpec(
          "messages",
          1,
          TaskType.CLASSIFICATION,
          List.of(Column.text("message")),
          Column.category("team", List.of("billing", "delivery", "technical")),
          null,
          null,
          null,
          BeforeFirstCheckpoint.BASE,
          null);
  private static final TaskLanguage LANGUAGE = new TaskLanguage(TASK);

  private static Prompt prompt(String message) {
    return LANGUAGE.prompt(new Row(Map.of("message", message), null));
  }

  private void ask(String message, int n) {
    Prompt prompt = prompt(message);
    RequestMessage request =
        new RequestMessage(
            TASK.name(),
            1,
            message + n,
            prompt.text(),
            prompt.grid(),
            new Origin("lift.rows", 0, 1000 + n, 0),
            null,
            null,
            null,
            null,
            null,
            null);
    client.topics().send(TOPICS.requests(), message + n, request);
  }

  @Test
  void aMessageIsAnsweredBeforeTheFirstLabelAndBetterAfterSome() {
    client.task(TASK);
    int n = 0;
    for (String message : ASKED.keySet()) {
      ask(message, n);
    }
    List<PredictionMessage> before = client.predictions(TASK.name(), 3);
    assertThat(before).hasSize(3).allMatch(p -> p.support() == null);
    assertThat(right(before)).isGreaterThanOrEqualTo(2);

    for (Map.Entry<String, String> known : KNOWN.entrySet()) {
      Prompt prompt = prompt(known.getKey());
      client
          .topics()
          .send(
              TOPICS.prompts(),
              TASK.name(),
              new PromptMessage(
                  TASK.name(),
                  1,
                  known.getKey(),
                  prompt.text(),
                  prompt.grid(),
                  LANGUAGE.completion(known.getValue()),
                  known.getValue(),
                  new Origin("lift.rows", 0, n++, 0)));
    }
    // the service follows the labelled rows at its own pace
    List<PredictionMessage> after = List.of();
    for (int turn = 1; turn < 9 && !allFromRows(after); turn++) {
      String suffix = Integer.toString(turn);
      for (String message : ASKED.keySet()) {
        ask(message, turn);
      }
      after =
          client.predictions(TASK.name(), 3 * (turn + 1)).stream()
              .filter(p -> p.row().endsWith(suffix))
              .toList();
    }
    assertThat(right(after)).isEqualTo(3);
    assertThat(allFromRows(after)).isTrue();
    assertThat(after.get(0).predictors()).extracting(Predictor::name).contains("context-64");
  }

  private static boolean allFromRows(List<PredictionMessage> predictions) {
    return predictions.size() == ASKED.size()
        && predictions.stream()
            .allMatch(p -> p.support() != null && p.support().rows() == KNOWN.size());
  }

  private static long right(List<PredictionMessage> predictions) {
    return predictions.stream()
        .filter(
            p -> ASKED.get(p.row().substring(0, p.row().length() - 1)).equals(p.answer().label()))
        .count();
  }
}
