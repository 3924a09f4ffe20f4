package io.lift.evaluator.scoring;

import com.fasterxml.jackson.core.JsonParseException;
import io.lift.core.answer.Answer;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.evaluator.scoring.JoinInput.Completion;
import io.lift.evaluator.scoring.JoinInput.Prediction;
import io.lift.evaluator.scoring.JoinInput.Question;
import io.lift.evaluator.scoring.JoinInput.Training;
import io.lift.evaluator.scoring.JoinInput.Truth;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topics;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns the records of the input topics into inputs of the join and outcomes for the metrics. */
final class InputParser {
  private final Topics topics;
  private final int joinPartitions;

  /**
   * @param topics names the input topics
   * @param joinPartitions partitions of the join; the deletion of a task goes to each
   */
  InputParser(Topics topics, int joinPartitions) {
    this.topics = topics;
    this.joinPartitions = joinPartitions;
  }

  /** A result and the key that it is sent on with. */
  record Keyed(String key, ParsedInput value) {}

  /**
   * @param language hash of the language that the record is written in; null if it has none
   * @throws RowRejectedException if the record cannot be used; the message names the field and the
   *     place
   */
  List<Keyed> parse(
      String topic, int partition, long offset, byte[] key, byte[] value, String language)
      throws RowRejectedException {
    String place = "%s, partition %d, offset %d".formatted(topic, partition, offset);
    if (topic.equals(topics.tasks().name())) {
      return task(key, value, place);
    }
    if (value == null) {
      throw new RowRejectedException(
          RejectReason.NULL_VALUE, null, "There is no value at " + place + ".");
    }
    if (topic.equals(topics.prompts().name())) {
      PromptMessage prompt = json(value, PromptMessage.class, place);
      Training training = Boolean.TRUE.equals(prompt.joined()) ? Training.JOINED : Training.OFFSET;
      Truth truth = new Truth(prompt.label(), training, partition, offset);
      return truth(prompt.task(), prompt.row(), truth, null, place);
    }
    if (topic.equals(topics.labels().name())) {
      LabelMessage label = json(value, LabelMessage.class, place);
      Truth truth = new Truth(label.label(), Training.NONE, partition, offset);
      return truth(label.task(), label.row(), truth, completion(label, language, place), place);
    }
    if (topic.equals(topics.requests().name())) {
      return language == null
          ? List.of() // it waits for no label
          : question(json(value, RequestMessage.class, place), language, place);
    }
    return prediction(json(value, PredictionMessage.class, place), place);
  }

  private List<Keyed> task(byte[] key, byte[] value, String place) throws RowRejectedException {
    if (key == null) {
      throw new RowRejectedException(
          RejectReason.NULL_KEY, null, "There is a task without a key at " + place + ".");
    }
    String name = new String(key, StandardCharsets.UTF_8);
    requireName(name, place);
    if (value != null) {
      TaskSpec task = json(value, TaskSpec.class, place);
      require(task.type(), "type", place);
      require(task.target(), "target", place);
      CalibrationPolicy policy = task.calibration();
      Outcome.Spec spec =
          new Outcome.Spec(task.type(), policy.coverageOrDefault(), policy.adaptive());
      return List.of(new Keyed(name, Outcome.task(spec)));
    }
    List<Keyed> forget = new ArrayList<>();
    forget.add(new Keyed(name, Outcome.of(Outcome.Kind.DELETED)));
    for (int i = 0; i < joinPartitions; i++) {
      forget.add(keyed(JoinInput.forget(name, i)));
    }
    return forget;
  }

  private static Completion completion(LabelMessage label, String language, String place)
      throws RowRejectedException {
    if (label.completion() == null) {
      return null;
    }
    require(language, Headers.LANGUAGE, place);
    require(label.labelWait(), "labelWait", place);
    return new Completion(label.completion(), label.label(), language, label.labelWait());
  }

  private static List<Keyed> question(RequestMessage request, String language, String place)
      throws RowRejectedException {
    requireName(request.task(), place);
    require(request.row(), "row", place);
    require(request.prompt(), "prompt", place);
    require(request.labelWait(), "labelWait", place);
    Question question =
        new Question(
            request.taskVersion(),
            request.prompt(),
            request.grid(),
            request.origin(),
            language,
            request.labelWait(),
            request.point());
    return List.of(keyed(JoinInput.of(request.task(), request.row(), question)));
  }

  private static List<Keyed> truth(
      String task, String row, Truth truth, Completion completion, String place)
      throws RowRejectedException {
    requireName(task, place);
    require(row, "row", place);
    require(truth.label(), "label", place);
    return List.of(keyed(JoinInput.of(task, row, truth, completion)));
  }

  private static List<Keyed> prediction(PredictionMessage message, String place)
      throws RowRejectedException {
    requireName(message.task(), place);
    require(message.row(), "row", place);
    require(message.status(), "status", place);
    return switch (message.status()) {
      case EXPIRED -> List.of(new Keyed(message.task(), Outcome.of(Outcome.Kind.EXPIRED)));
      case FAILED -> List.of(new Keyed(message.task(), Outcome.of(Outcome.Kind.FAILED)));
      case ANSWERED -> List.of(keyed(answered(message, place)));
    };
  }

  private static JoinInput answered(PredictionMessage message, String place)
      throws RowRejectedException {
    require(message.answer(), "answer", place);
    checkAnswer(message.answer(), place);
    PredictionMessage.Checkpoint checkpoint = message.checkpoint();
    require(checkpoint, "checkpoint", place);
    if (checkpoint.version() != 0) {
      require(checkpoint.trainedTo(), "checkpoint.trainedTo", place);
    }
    Map<Integer, Long> trainedTo =
        checkpoint.trainedTo() == null ? Map.of() : checkpoint.trainedTo();
    PredictionMessage.Timings timings = message.timings();
    Double latency = timings == null ? null : timings.queued() + timings.scored();
    return JoinInput.of(
        message.task(),
        message.row(),
        new Prediction(
            message.answer(),
            checkpoint.version(),
            trainedTo,
            latency,
            null,
            message.support(),
            message.predictors()));
  }

  private static void checkAnswer(Answer answer, String place) throws RowRejectedException {
    if (answer.calibration() != null) {
      checkCalibration(answer, place);
    }
    if (answer.value() != null) {
      requireFinite(answer.value(), "answer.value", place);
      return;
    }
    require(answer.label(), "answer.label", place);
    require(answer.probabilities(), "answer.probabilities", place);
    for (Double probability : answer.probabilities().values()) {
      require(probability, "answer.probabilities", place);
      requireFinite(probability, "answer.probabilities", place);
    }
    require(answer.probabilities().get(answer.label()), "answer.probabilities", place);
  }

  /** The uncalibrated answer must be recoverable from the given one. */
  private static void checkCalibration(Answer answer, String place) throws RowRejectedException {
    boolean number = answer.value() != null;
    String field = number ? "answer.calibration.stretch" : "answer.calibration.temperature";
    Double factor = number ? answer.calibration().stretch() : answer.calibration().temperature();
    require(factor, field, place);
    requireFinite(factor > 0 ? factor : Double.NaN, field, place);
    if (number) {
      require(answer.interval(), "answer.interval", place);
    }
  }

  private static <V> V json(byte[] value, Class<V> type, String place) throws RowRejectedException {
    try {
      V read = Json.read(value, type);
      if (read == null) {
        throw new RowRejectedException(
            RejectReason.NULL_VALUE, null, "There is JSON null at " + place + ".");
      }
      return read;
    } catch (UncheckedIOException e) {
      throw new RowRejectedException(
          RejectReason.INVALID_JSON,
          null,
          "The value at %s is not the JSON of its topic: %s."
              .formatted(
                  place,
                  e.getCause() instanceof JsonParseException syntax
                      ? syntax.getOriginalMessage()
                      : "a field has a value of another type"));
    }
  }

  private static void require(Object value, String field, String place)
      throws RowRejectedException {
    if (value == null || value.equals("")) {
      throw new RowRejectedException(
          RejectReason.MISSING_FIELD, field, "Field %s is missing at %s.".formatted(field, place));
    }
  }

  private static void requireName(String task, String place) throws RowRejectedException {
    require(task, "task", place);
    if (!TaskSpecs.isName(task)) {
      throw new RowRejectedException(
          RejectReason.UNKNOWN_TASK, "task", "No task can have the name at " + place + ".");
    }
  }

  private static void requireFinite(double value, String field, String place)
      throws RowRejectedException {
    if (!Double.isFinite(value)) {
      throw new RowRejectedException(
          RejectReason.NOT_FINITE, field, "Field %s is not finite at %s.".formatted(field, place));
    }
  }

  private static Keyed keyed(JoinInput input) {
    return new Keyed(input.key(), input);
  }
}
