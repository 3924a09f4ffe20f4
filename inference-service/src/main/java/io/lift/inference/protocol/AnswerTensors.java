package io.lift.inference.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lift.core.answer.Answer;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.inference.calls.Answers;
import io.lift.inference.calls.CallException;
import io.lift.inference.calls.CallException.Kind;
import io.lift.inference.protocol.ModelMetadata.TensorMetadata;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The outputs of a task: its answers, and how sure they are. A classification has {@code answer}
 * and {@code probabilities}, and {@code abstained} if the task abstains. A regression has {@code
 * answer}, {@code lower} and {@code upper}.
 */
final class AnswerTensors {
  private static final String ANSWER = "answer";
  private static final String PROBABILITIES = "probabilities";
  private static final String ABSTAINED = "abstained";
  private static final String EXPLANATION = "explanation";
  private static final String LOWER = "lower";
  private static final String UPPER = "upper";
  private static final long ANY = -1;

  /**
   * One output.
   *
   * @param width elements of a row, beyond which the tensor has a second dimension; 0 for one
   *     element and no second dimension
   */
  private record Output(
      String name,
      DataType type,
      int width,
      Map<String, Object> parameters,
      Function<Answer, List<?>> elements) {

    List<Long> shape(long rows) {
      return width == 0 ? List.of(rows) : List.of(rows, (long) width);
    }
  }

  private AnswerTensors() {}

  /** The outputs of a task, without their elements. */
  static List<TensorMetadata> metadata(TaskSpec task) {
    return outputs(task).stream()
        .map(out -> new TensorMetadata(out.name, out.type.name(), out.shape(ANY)))
        .toList();
  }

  /**
   * The outputs of a call.
   *
   * @param wanted the outputs that are wanted; empty for all
   * @param explained whether there is also an output with the explanation of each row, as JSON
   * @throws CallException if there is no such output, or a row has no answer
   */
  static List<Tensor> of(Answers answers, List<InferRequest.Output> wanted, boolean explained)
      throws CallException {
    List<Answer> given = new ArrayList<>();
    for (PredictionMessage prediction : answers.predictions()) {
      if (prediction.answer() == null) {
        throw new CallException(
            Kind.FAILED, "row %d: %s".formatted(given.size(), prediction.message()));
      }
      given.add(prediction.answer());
    }
    List<Tensor> tensors = new ArrayList<>();
    for (Output output : chosen(answers.task(), wanted)) {
      List<Object> elements = new ArrayList<>();
      given.forEach(answer -> elements.addAll(output.elements.apply(answer)));
      tensors.add(
          new Tensor(
              output.name,
              output.shape(given.size()),
              output.type.name(),
              output.parameters.isEmpty() ? null : output.parameters,
              elements));
    }
    if (explained) {
      tensors.add(explanations(answers));
    }
    return tensors;
  }

  private static Tensor explanations(Answers answers) {
    List<Object> texts = new ArrayList<>();
    answers.predictions().stream()
        .map(prediction -> new String(Json.write(prediction.explanation()), UTF_8))
        .forEach(texts::add);
    return new Tensor(
        EXPLANATION, List.of((long) texts.size()), DataType.BYTES.name(), null, texts);
  }

  /**
   * Checks the outputs that a call wants.
   *
   * @throws CallException if the task has no such output
   */
  static void check(TaskSpec task, List<InferRequest.Output> wanted) throws CallException {
    chosen(task, wanted);
  }

  private static List<Output> chosen(TaskSpec task, List<InferRequest.Output> wanted)
      throws CallException {
    List<Output> all = outputs(task);
    if (wanted.isEmpty()) {
      return all;
    }
    List<Output> chosen = new ArrayList<>();
    for (InferRequest.Output output : wanted) {
      String name = output == null ? null : output.name();
      chosen.add(
          all.stream()
              .filter(candidate -> candidate.name.equals(name))
              .findFirst()
              .orElseThrow(() -> unknown(task, name, all)));
    }
    return chosen;
  }

  private static CallException unknown(TaskSpec task, String name, List<Output> all) {
    return new CallException(
        Kind.INVALID,
        "task %s has no output %s; it has %s"
            .formatted(
                task.name(), name, String.join(", ", all.stream().map(Output::name).toList())));
  }

  private static List<Output> outputs(TaskSpec task) {
    return task.type() == TaskType.CLASSIFICATION ? ofLabels(task) : ofNumbers(task);
  }

  private static List<Output> ofLabels(TaskSpec task) {
    List<String> labels = task.labels();
    List<Output> outputs = new ArrayList<>();
    outputs.add(new Output(ANSWER, DataType.BYTES, 0, Map.of(), answer -> List.of(answer.label())));
    outputs.add(
        new Output(
            PROBABILITIES,
            DataType.FP64,
            labels.size(),
            // a parameter of the protocol is a scalar
            Map.of("labels", new String(Json.write(labels), UTF_8)),
            answer -> labels.stream().map(answer.probabilities()::get).toList()));
    if (task.calibration().abstainBelow() != null) {
      outputs.add(
          new Output(ABSTAINED, DataType.BOOL, 0, Map.of(), answer -> List.of(!answer.answered())));
    }
    return outputs;
  }

  private static List<Output> ofNumbers(TaskSpec task) {
    Map<String, Object> coverage = Map.of("coverage", task.calibration().coverageOrDefault());
    return List.of(
        new Output(ANSWER, DataType.FP64, 0, Map.of(), answer -> List.of(answer.value())),
        new Output(LOWER, DataType.FP64, 0, coverage, answer -> List.of(answer.interval().lower())),
        new Output(
            UPPER, DataType.FP64, 0, coverage, answer -> List.of(answer.interval().upper())));
  }
}
