package io.lift.evaluator.scoring;

import io.lift.evaluator.scoring.JoinInput.Completion;
import io.lift.evaluator.scoring.JoinInput.Question;
import io.lift.messages.PromptMessage;

/**
 * A training example for {@code lift.prompts}, made of a row and its label.
 *
 * @param prompt the example
 * @param language hash of the language that it is written in
 */
record JoinedExample(PromptMessage prompt, String language) implements ParsedInput {

  static JoinedExample of(String task, String row, Question question, Completion completion) {
    return new JoinedExample(
        new PromptMessage(
            task,
            question.taskVersion(),
            row,
            question.prompt(),
            question.grid(),
            completion.text(),
            completion.label(),
            question.origin(),
            true,
            question.point()),
        question.language());
  }
}
