package io.lift.inference.protocol;

import java.util.List;

/**
 * What a model takes and gives.
 *
 * @param name the task
 * @param versions the version of the checkpoint that answers now; 0 is the base model
 * @param platform {@code lift}
 * @param inputs one for each field of a row
 * @param outputs the answers
 */
public record ModelMetadata(
    String name,
    List<String> versions,
    String platform,
    List<TensorMetadata> inputs,
    List<TensorMetadata> outputs) {

  /**
   * What a tensor is like.
   *
   * @param name its name
   * @param datatype the name of a {@link DataType}
   * @param shape its dimensions; -1 is the number of rows
   */
  public record TensorMetadata(String name, String datatype, List<Long> shape) {}
}
