package io.lift.inference.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;

/**
 * A call for answers.
 *
 * @param id comes back in the response; may be null
 * @param parameters nothing that Lift knows; may be null
 * @param inputs the rows
 * @param outputs the outputs that are wanted; null or empty for all
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record InferRequest(
    String id, Map<String, Object> parameters, List<Tensor> inputs, List<Output> outputs) {

  public InferRequest {
    inputs = inputs == null ? List.of() : inputs;
    outputs = outputs == null ? List.of() : outputs;
  }

  /**
   * An output that is wanted.
   *
   * @param name the name of an output
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Output(String name) {}
}
