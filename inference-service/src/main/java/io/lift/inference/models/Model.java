package io.lift.inference.models;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import java.util.List;

/** Answers the prompts of one task with one set of weights. Safe for concurrent use. */
public interface Model extends AutoCloseable {

  /** One answer per prompt, in order. */
  List<Answer> score(List<Prompt> prompts);

  @Override
  void close();
}
