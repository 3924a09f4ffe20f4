package io.lift.inference.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.lift.inference.calls.CallException;
import java.util.List;
import java.util.Map;

/**
 * A call for answers.
 *
 * @param id comes back in the response; may be null
 * @param parameters {@code explain} is true if the answers are to be explained; others are ignored;
 *     may be null
 * @param inputs the rows
 * @param outputs the outputs that are wanted; null or empty for all
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record InferRequest(
    String id, Map<String, Object> parameters, List<Tensor> inputs, List<Output> outputs) {

  private static final String EXPLAIN = "explain";

  public InferRequest {
    inputs = inputs == null ? List.of() : inputs;
    outputs = outputs == null ? List.of() : outputs;
  }

  /**
   * Whether the answers are to be explained.
   *
   * @throws CallException if the parameter says neither yes nor no
   */
  boolean explains() throws CallException {
    Object explain = parameters == null ? null : parameters.get(EXPLAIN);
    if (explain == null || explain instanceof Boolean) {
      return Boolean.TRUE.equals(explain);
    }
    throw new CallException(
        CallException.Kind.INVALID,
        "parameter %s is '%s', but it must be true or false".formatted(EXPLAIN, explain));
  }

  /**
   * An output that is wanted.
   *
   * @param name the name of an output
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Output(String name) {}
}
