package io.lift.inference.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * A tensor of a call or of its answer.
 *
 * @param name a column, or the name of an output
 * @param shape its dimensions
 * @param datatype the name of a {@link DataType}
 * @param parameters what else is to be said of it; null for nothing
 * @param data its elements in row-major order: Boolean, Number or String, or null for a missing
 *     value. In the JSON of a call, arrays may be nested as the shape is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Tensor(
    String name,
    List<Long> shape,
    String datatype,
    Map<String, Object> parameters,
    @JsonInclude(content = JsonInclude.Include.ALWAYS) List<Object> data) {

  /** A tensor without parameters. */
  public Tensor(String name, DataType type, List<Long> shape, List<Object> data) {
    this(name, shape, type.name(), null, data);
  }
}
