package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * A request for rows that are sampled from what a task has learnt, on {@code lift.generate}.
 *
 * @param id of the request; also the key
 * @param task the task, which must learn to generate rows
 * @param rows how many
 * @param given values that each row is to have, by column, the target perhaps among them; null for
 *     none
 * @param temperature 1 (or null) samples as the model thinks, less keeps nearer to what is most
 *     probable, 0 takes only that
 * @param seed the same checkpoint samples the same rows from it; null for one made of the id
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record GenerateMessage(
    String id, String task, int rows, Map<String, Object> given, Double temperature, Long seed) {}
