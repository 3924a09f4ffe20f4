package io.lift.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.answer.Answer;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void aTaskSurvivesTheJourneyAndDefaultsAreFilledIn() {
    TaskSpec task =
        new TaskSpec(
            "iris",
            1,
            TaskType.CLASSIFICATION,
            List.of(
                Column.number("length", new NumberStats(3, 1.5, 0.5, 1, 2, 1)),
                Column.category("colour", List.of("red", "blue")),
                Column.text("note")),
            Column.category("species", List.of("setosa", "virginica")),
            null,
            null,
            List.of(Source.of("flowers")),
            null,
            null);
    assertThat(Json.read(Json.write(task), TaskSpec.class)).isEqualTo(task);
    assertThat(HeaderValues.text(Json.write(task))).contains("\"type\":\"classification\"");
  }

  @Test
  void aPredictionWithAllItsPartsSurvivesTheJourney() {
    var prediction =
        new PredictionMessage(
            "iris",
            "row",
            PredictionMessage.Status.ANSWERED,
            Answer.ofLabels("a", Map.of("a", 0.75, "b", 0.25)),
            new PredictionMessage.Checkpoint(3, "ff", Map.of(11, 42L)),
            "hash",
            new Origin("lift.rows", 1, 2, 3),
            new PredictionMessage.Timings(1.5, 0.5, 8),
            null);
    assertThat(Json.read(Json.write(prediction), PredictionMessage.class)).isEqualTo(prediction);
  }

  @Test
  void fieldsOfNewerWritersAreIgnored() {
    byte[] json = HeaderValues.bytes("{\"task\":\"t\",\"row\":\"r\",\"colour\":\"red\"}");
    assertThat(Json.read(json, LabelMessage.class))
        .isEqualTo(new LabelMessage("t", "r", null, null));
  }

  @Test
  void bytesThatAreNoJsonAreRefused() {
    assertThatThrownBy(() -> Json.read(HeaderValues.bytes("{"), LabelMessage.class))
        .isInstanceOf(UncheckedIOException.class);
  }
}
