package io.lift.model;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import java.util.List;

/**
 * The fine-tuning of one task: trainable weights, optimizer state, random state and step. Rounds
 * are deterministic: the same base, language, policy and examples in the same rounds give the same
 * checkpoint bytes on the same machine, whether or not it was closed and resumed between rounds.
 * One thread at a time, and one fine-tuning computing per process (a limit of the engine).
 */
public final class FineTuning implements AutoCloseable {

  /** Starts from the base model. */
  public static FineTuning start(BaseModel base, TaskLanguage language, TrainingPolicy policy) {
    throw new UnsupportedOperationException();
  }

  /**
   * Goes on from a checkpoint.
   *
   * @throws CheckpointInvalid if the file is damaged or made for another base or language
   */
  public static FineTuning resume(
      BaseModel base, TaskLanguage language, TrainingPolicy policy, byte[] checkpoint) {
    throw new UnsupportedOperationException();
  }

  /**
   * One round: every fresh example is seen at least once, rehearsed ones beside them.
   *
   * @param fresh examples that enter with this round
   * @param rehearsed examples of earlier rounds that are still in the task's window
   * @param progress told after each step; may end the round early
   * @return what was done
   */
  public RoundReport round(List<Example> fresh, List<Example> rehearsed, Progress progress) {
    throw new UnsupportedOperationException();
  }

  /** Optimizer steps since the base model. */
  public long step() {
    throw new UnsupportedOperationException();
  }

  /** Everything needed to go on or to serve: one safetensors file. */
  public byte[] checkpoint() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  /** Follows a round. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param step steps done in this round
     * @param steps steps planned for this round
     * @param loss training loss of this step, in nats per completion token
     * @return false to end the round after this step; the round then counts as not done
     */
    boolean after(int step, int steps, double loss);
  }

  /**
   * What a round did.
   *
   * @param completed false if {@link Progress} ended it
   * @param steps optimizer steps
   * @param tokens tokens read, padding excluded
   * @param seconds wall-clock time
   * @param loss mean training loss of the last tenth of the steps, in nats per completion token
   * @param skipped steps not applied because the loss was not finite
   */
  public record RoundReport(
      boolean completed, int steps, long tokens, double seconds, double loss, int skipped) {}
}
