package io.lift.page.live;

import io.lift.messages.TrainingProgress;
import java.util.ArrayList;
import java.util.List;

/** The loss of the running or newest round, at 200 steps at most. */
final class RoundLosses {
  private static final int MAX_LOSSES = 200;

  private final List<TaskDetail.Loss> losses = new ArrayList<>();
  private long version;
  private int steps;

  /**
   * Takes a step of a round; a step of another round starts anew.
   *
   * @return whether there is a new loss
   */
  boolean add(TrainingProgress progress) {
    boolean another =
        progress.version() != version || (!losses.isEmpty() && progress.step() < last().step());
    if (another) {
      losses.clear();
      version = progress.version();
    }
    steps = progress.steps();
    boolean further = losses.isEmpty() || progress.step() > last().step();
    if (!further || progress.loss() == null || !Double.isFinite(progress.loss())) {
      return false;
    }
    losses.add(new TaskDetail.Loss(progress.step(), progress.loss()));
    if (losses.size() > MAX_LOSSES) {
      // drops every second one, but neither the first nor the last
      for (int i = losses.size() - 2; i > 0; i -= 2) {
        losses.remove(i);
      }
    }
    return true;
  }

  private TaskDetail.Loss last() {
    return losses.get(losses.size() - 1);
  }

  /** The round; null before its first loss. */
  TaskDetail.Round round() {
    return losses.isEmpty() ? null : new TaskDetail.Round(version, steps, List.copyOf(losses));
  }
}
