package io.lift.inference.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The answers of a call.
 *
 * @param modelName the task
 * @param modelVersion version of the checkpoint that answered; 0 is the base model
 * @param id that of the call; null if it had none
 * @param outputs the answers
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InferResponse(
    @JsonProperty("model_name") String modelName,
    @JsonProperty("model_version") String modelVersion,
    String id,
    List<Tensor> outputs) {}
