package io.lift.cli.eval;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;

/**
 * A test row as it was answered.
 *
 * @param truth its target, as the table has it
 * @param answer null if it was not answered, or not validly
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnsweredRow(String truth, Answer answer) {}
