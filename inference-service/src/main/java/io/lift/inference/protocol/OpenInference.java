package io.lift.inference.protocol;

import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.TaskSpec;
import io.lift.inference.ServiceStatus;
import io.lift.inference.calls.Answers;
import io.lift.inference.calls.CallException;
import io.lift.inference.calls.CallException.Kind;
import io.lift.inference.calls.RowAnswers;
import io.lift.inference.protocol.ModelMetadata.TensorMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The protocol. A model is a task; its one version is that of the checkpoint that answers, or 0 for
 * the base model. An empty or null version stands for it.
 */
@ApplicationScoped
public class OpenInference {
  private static final String NAME = "lift";
  private static final long ANY = -1;

  private final ServiceStatus status;
  private final RowAnswers answers;
  private final String release;

  OpenInference(
      ServiceStatus status,
      RowAnswers answers,
      @ConfigProperty(name = "quarkus.application.version") String release) {
    this.status = status;
    this.answers = answers;
    this.release = release;
  }

  /** Whether the service makes progress. */
  public boolean live() {
    return status.alive();
  }

  /** Whether the service answers. */
  public boolean ready() {
    return status.ready();
  }

  /** What the server is. */
  public ServerMetadata server() {
    return new ServerMetadata(NAME, release, List.of());
  }

  /**
   * Whether a model answers.
   *
   * @throws CallException if there is no such task, or no such version of its model
   */
  public boolean ready(String task, String version) throws CallException {
    if (!status.ready()) {
      return false;
    }
    try {
      served(answers.task(task), version);
      return true;
    } catch (CallException e) {
      if (e.kind() == Kind.UNAVAILABLE) {
        return false;
      }
      throw e;
    }
  }

  /**
   * What a model takes and gives.
   *
   * @throws CallException if there is no such task, no such version of its model, or no model yet
   */
  public ModelMetadata model(String name, String version) throws CallException {
    answers.check(0);
    TaskSpec task = answers.task(name);
    String served = Long.toString(served(task, version));
    return new ModelMetadata(
        name, List.of(served), NAME, inputs(task), AnswerTensors.metadata(task));
  }

  /** One input for each field of a row. A date has one field, whatever columns it becomes. */
  private static List<TensorMetadata> inputs(TaskSpec task) {
    Map<String, DataType> types = new LinkedHashMap<>();
    for (Column column : task.features()) {
      boolean number = column.type() == ColumnType.NUMBER && column.date() == null;
      types.putIfAbsent(column.field(), number ? DataType.FP64 : DataType.BYTES);
    }
    List<TensorMetadata> inputs = new ArrayList<>();
    types.forEach(
        (field, type) -> inputs.add(new TensorMetadata(field, type.name(), List.of(ANY))));
    return inputs;
  }

  /** The body of a call, which is read once its size is known to be allowed. */
  @FunctionalInterface
  public interface Body {
    /**
     * Reads it.
     *
     * @throws CallException if it is no call for answers
     */
    InferRequest read() throws CallException;
  }

  /**
   * Answers the rows of a call.
   *
   * @param bytes the size of the body
   * @throws CallException if a row cannot be used, or no model answers in time
   */
  public InferResponse infer(String name, String version, long bytes, Body body)
      throws CallException {
    answers.check(bytes);
    InferRequest request = body.read();
    TaskSpec task = answers.task(name);
    AnswerTensors.check(task, request.outputs());
    Long wanted = parse(name, version);
    boolean explain = request.explains();
    Answers given =
        answers.answer(task, wanted, TensorRows.of(task, request.inputs()), true, explain);
    return new InferResponse(
        name,
        Long.toString(given.version()),
        request.id(),
        AnswerTensors.of(given, request.outputs(), explain));
  }

  /** The version that is served, which must be the given one. */
  private long served(TaskSpec task, String version) throws CallException {
    Long wanted = parse(task.name(), version);
    long served = answers.version(task);
    if (wanted != null && wanted != served) {
      throw RowAnswers.notServed(task.name(), version, served);
    }
    return served;
  }

  private static Long parse(String task, String version) throws CallException {
    if (version == null || version.isEmpty()) {
      return null;
    }
    try {
      return Long.valueOf(version);
    } catch (NumberFormatException e) {
      throw new CallException(
          Kind.NOT_FOUND,
          "task %s has no version %s: versions are whole numbers".formatted(task, version));
    }
  }
}
