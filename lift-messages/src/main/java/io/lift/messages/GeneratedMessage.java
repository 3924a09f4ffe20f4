package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;

/**
 * One row that was asked for, on {@code lift.generated}. All rows of a request come in one
 * transaction.
 *
 * @param id of the request; also the key
 * @param task the task
 * @param number of the row within the request, from 1
 * @param rows that the request led to: fewer than it asked for where the model was seldom within
 *     the schema
 * @param row the values by column, the target among them, as a row of {@code lift.rows} has them;
 *     columns of free text are left out
 * @param rejected drafts of the whole request that were no row of the task
 * @param checkpoint what they were sampled from
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record GeneratedMessage(
    String id,
    String task,
    int number,
    int rows,
    Map<String, Object> row,
    int rejected,
    PredictionMessage.Checkpoint checkpoint) {}
