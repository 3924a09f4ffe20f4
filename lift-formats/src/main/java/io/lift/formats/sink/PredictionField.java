package io.lift.formats.sink;

import io.lift.core.answer.Answer;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A field of a prediction as a flat record. All formats with a schema have these fields. A later
 * version may add fields that are not required, and nothing else, so that old and new readers
 * understand old and new records.
 *
 * @param name as columns of SQL are named
 * @param type of its values
 * @param required whether every prediction has it; otherwise it may be null
 * @param description one sentence
 * @param value of a prediction; null for none
 */
record PredictionField(
    String name,
    Type type,
    boolean required,
    String description,
    Function<PredictionMessage, Object> value) {
  /** Name of the schema, and its namespace. */
  static final String RECORD = "Prediction";

  static final String NAMESPACE = "io.lift";
  static final String ABOUT = "The answer of Lift to one row.";

  /** What the values of a field are in Java. */
  enum Type {
    /** String. */
    TEXT,
    /** Integer. */
    INT,
    /** Long. */
    LONG,
    /** Long: epoch milliseconds. */
    MOMENT,
    /** Double. */
    DOUBLE,
    /** Boolean. */
    BOOLEAN,
    /** Map of String to Double. */
    MAP
  }

  private static final List<PredictionField> FLAT =
      List.of(
          required("task", "The task.", PredictionMessage::task),
          required("row_id", "The id of the row.", PredictionMessage::row),
          required(
              "status",
              "Whether there is an answer: answered, expired or failed.",
              prediction -> prediction.status().name().toLowerCase(Locale.ROOT)),
          answer("label", Type.TEXT, "The most probable label; null for a number.", Answer::label),
          answer(
              "value",
              Type.DOUBLE,
              "The answered number, the median; null for a label.",
              Answer::value),
          answer(
              "probability",
              Type.DOUBLE,
              "The probability of the label; null for a number.",
              PredictionField::probability),
          interval("interval_lower", "Lower end of the number's interval.", i -> i.lower()),
          interval("interval_upper", "Upper end of the number's interval.", i -> i.upper()),
          interval(
              "interval_coverage",
              "Share of the truths that the interval should contain.",
              i -> i.coverage()),
          answer(
              "label_set",
              Type.TEXT,
              "The labels that contain the truth with the task's coverage, as a JSON array; null"
                  + " before the calibration is ready.",
              answer -> array(answer.labels())),
          answer(
              "abstained",
              Type.BOOLEAN,
              "Whether the probability is below the task's threshold.",
              answer -> !answer.answered()),
          optional(
              "checkpoint_version",
              Type.LONG,
              "Version of the checkpoint that answered; 0 is the base model.",
              p -> p.checkpoint() == null ? null : p.checkpoint().version()),
          optional(
              "support_rows",
              Type.INT,
              "Labelled rows that were read in context.",
              p -> p.support() == null ? null : p.support().rows()),
          optional(
              "missing",
              Type.TEXT,
              "Columns that the row did not name, as a JSON array; null for none.",
              p -> array(p.missing())),
          optional(
              "extrapolated",
              Type.TEXT,
              "Columns beyond what the task was made from, as a JSON array; null for none.",
              p -> array(p.extrapolated())),
          origin("source_topic", Type.TEXT, "Topic of the row.", Origin::topic),
          origin("source_partition", Type.INT, "Partition of the row.", Origin::partition),
          origin("source_offset", Type.LONG, "Offset of the row.", Origin::offset),
          origin("source_timestamp", Type.MOMENT, "Timestamp of the row.", Origin::timestamp),
          optional(
              "queued_ms",
              Type.DOUBLE,
              "Milliseconds from the broker's time of the request to the start of its batch.",
              p -> p.timings() == null ? null : p.timings().queued()),
          optional(
              "scored_ms",
              Type.DOUBLE,
              "Milliseconds that the batch was computed.",
              p -> p.timings() == null ? null : p.timings().scored()),
          optional(
              "message",
              Type.TEXT,
              "Why there is no answer, in one sentence; otherwise null.",
              PredictionMessage::message));

  private static final PredictionField PROBABILITIES =
      answer(
          "probabilities",
          Type.MAP,
          "The probability of each label; null for a number.",
          Answer::probabilities);

  /**
   * All fields, in order.
   *
   * @param probabilities whether the map of probabilities is one of them
   */
  static List<PredictionField> all(boolean probabilities) {
    return probabilities ? Stream.concat(FLAT.stream(), Stream.of(PROBABILITIES)).toList() : FLAT;
  }

  /** The value that a prediction has; null for none. */
  Object of(PredictionMessage prediction) {
    return value.apply(prediction);
  }

  private static PredictionField required(
      String name, String description, Function<PredictionMessage, Object> value) {
    return new PredictionField(name, Type.TEXT, true, description, value);
  }

  private static PredictionField optional(
      String name, Type type, String description, Function<PredictionMessage, Object> value) {
    return new PredictionField(name, type, false, description, value);
  }

  private static PredictionField answer(
      String name, Type type, String description, Function<Answer, Object> value) {
    return optional(
        name, type, description, p -> p.answer() == null ? null : value.apply(p.answer()));
  }

  private static PredictionField interval(
      String name, String description, Function<Answer.Interval, Object> value) {
    return answer(
        name,
        Type.DOUBLE,
        description,
        answer -> answer.interval() == null ? null : value.apply(answer.interval()));
  }

  private static PredictionField origin(
      String name, Type type, String description, Function<Origin, Object> value) {
    return optional(
        name, type, description, p -> p.origin() == null ? null : value.apply(p.origin()));
  }

  private static Double probability(Answer answer) {
    return answer.probabilities() == null || answer.label() == null
        ? null
        : answer.probabilities().get(answer.label());
  }

  private static String array(List<String> words) {
    return words == null ? null : new String(Json.write(words), StandardCharsets.UTF_8);
  }
}
