package io.lift.trainer.publish;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;

/** Is told of each checkpoint, on the training thread: it must neither wait nor throw. */
@FunctionalInterface
public interface CheckpointListener {
  /** Does nothing. */
  CheckpointListener NONE = (task, made) -> {};

  /**
   * A checkpoint was published; its transaction is committed.
   *
   * @param task the newest version of its task
   */
  void published(TaskSpec task, CheckpointManifest made);
}
