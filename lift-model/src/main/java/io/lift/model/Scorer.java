package io.lift.model;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import java.util.List;

/**
 * Answers prompts of one task with one version of its weights. Answers do not depend on batch size
 * or order (to 1e-4). Safe for concurrent use.
 */
public final class Scorer implements AutoCloseable {

  /** A scorer with the base model's weights: what answers before the first checkpoint. */
  public static Scorer base(BaseModel base, TaskLanguage language) {
    throw new UnsupportedOperationException();
  }

  /**
   * A scorer with a checkpoint's weights.
   *
   * @throws CheckpointInvalid if the file is damaged or made for another base or language
   */
  public static Scorer of(BaseModel base, TaskLanguage language, byte[] checkpoint) {
    throw new UnsupportedOperationException();
  }

  /** One answer per prompt, in order. */
  public List<Answer> score(List<Prompt> prompts) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
