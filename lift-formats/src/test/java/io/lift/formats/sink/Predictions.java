package io.lift.formats.sink;

import io.lift.core.answer.Answer;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import java.util.List;
import java.util.Map;

/** Predictions to write. */
final class Predictions {
  static final Origin ORIGIN = new Origin("loans", 3, 117, 1_795_412_766_958L);

  private Predictions() {}

  /** A label, with everything that a prediction can have beside it. */
  static PredictionMessage label() {
    return new PredictionMessage(
        "risks",
        "row-1",
        PredictionMessage.Status.ANSWERED,
        new Answer(
            "A", Map.of("A", 0.75, "B", 0.25), null, null, List.of("A", "B"), Boolean.TRUE, null),
        new PredictionMessage.Checkpoint(7, "abc", Map.of(0, 12L)),
        "hash",
        ORIGIN,
        new PredictionMessage.Timings(1.5, 2.25, 4),
        null,
        List.of("age"),
        List.of("a, b"),
        new PredictionMessage.Support(0, 1, 40, 39),
        null);
  }

  static PredictionMessage number() {
    return new PredictionMessage(
        "prices",
        "row-2",
        PredictionMessage.Status.ANSWERED,
        Answer.ofNumber(12.5, new Answer.Interval(10, 15, 0.9)),
        new PredictionMessage.Checkpoint(0, null, Map.of()),
        "hash",
        ORIGIN,
        new PredictionMessage.Timings(1, 2, 1),
        null);
  }

  static PredictionMessage failed() {
    return new PredictionMessage(
        "risks",
        "row-3",
        PredictionMessage.Status.FAILED,
        null,
        null,
        null,
        null,
        null,
        "the model is closed");
  }
}
