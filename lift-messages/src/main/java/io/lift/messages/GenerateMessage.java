package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * A request for rows that are sampled from a task's model, on {@code lift.generate}.
 *
 * @param id of the request; also the key
 * @param task the task, whose training policy must include generation
 * @param rows how many
 * @param given values that each row must have, by column, of the target too; null for none
 * @param temperature 1 or null samples from the model's own distribution, lower values stay nearer
 *     to the most probable tokens, 0 takes those only
 * @param seed a checkpoint samples the same rows from the same seed; null for one made of the id
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record GenerateMessage(
    String id, String task, int rows, Map<String, Object> given, Double temperature, Long seed) {}
