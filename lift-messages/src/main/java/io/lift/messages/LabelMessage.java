package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The label of a row that is not trained on, on {@code lift.labels}.
 *
 * @param task the task
 * @param row the row's id; also the key
 * @param label a label, or a decimal number
 * @param origin where the row came from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LabelMessage(String task, String row, String label, Origin origin) {}
