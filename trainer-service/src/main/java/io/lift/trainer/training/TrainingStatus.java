package io.lift.trainer.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.messages.TrainingProgress;
import io.lift.messages.TrainingProgress.State;

/**
 * How the training of one task stands, as {@code GET /training} tells it.
 *
 * @param task the task
 * @param partition its partition of {@code lift.prompts}
 * @param state what is going on
 * @param step optimizer steps done in the running round or renewal; 0 when none is running
 * @param steps optimizer steps of it; 0 when none is running or not yet known
 * @param loss loss of the newest step, or of the last round; absent before the first
 * @param round version that the running round will make, or 0
 * @param waitingRows rows read that no checkpoint holds yet
 * @param waitingSince when the oldest of them came, epoch milliseconds; 0 if no round is due for
 *     them
 * @param windowRows rows held for rehearsal
 * @param rows rows trained on, over the lineage of the current checkpoint
 * @param checkpointVersion version of the current checkpoint; 0 before the first
 * @param checkpointAt when it was made, epoch milliseconds; 0 before the first
 * @param checkpointBytes size of its file; 0 before the first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingStatus(
    String task,
    int partition,
    State state,
    int step,
    int steps,
    Double loss,
    long round,
    int waitingRows,
    long waitingSince,
    int windowRows,
    long rows,
    long checkpointVersion,
    long checkpointAt,
    long checkpointBytes) {

  /**
   * @param running the round that is running, of this or another task, or null
   * @param begun the renewal that was begun, of this or another task, or null
   */
  static TrainingStatus of(TaskTraining task, Round running, Retraining begun) {
    Round round = running != null && running.task().equals(task.spec().name()) ? running : null;
    Retraining renewal = begun != null && begun.task() == task && begun.working() ? begun : null;
    double loss = round == null || Double.isNaN(round.loss()) ? task.loss() : round.loss();
    var latest = task.latest();
    return new TrainingStatus(
        task.spec().name(),
        task.ownership().partition(),
        state(task, round, renewal),
        round != null ? round.step() : renewal != null ? renewal.step() : 0,
        round != null ? round.steps() : renewal != null ? renewal.steps() : 0,
        Double.isFinite(loss) ? loss : null,
        round == null ? 0 : round.version(),
        task.window().fresh(),
        waitingSince(task),
        task.window().rehearsed(),
        latest == null ? 0 : latest.rows(),
        latest == null ? 0 : latest.version(),
        latest == null ? 0 : latest.createdAt(),
        latest == null ? 0 : latest.size());
  }

  private static State state(TaskTraining task, Round round, Retraining renewal) {
    if (round != null) {
      return State.TRAINING;
    }
    if (renewal != null) {
      return State.RENEWING;
    }
    return task.window().fresh() > 0 ? State.WAITING : State.IDLE;
  }

  /** Rows that a first round would need more of do not wait for a trainer. */
  private static long waitingSince(TaskTraining task) {
    return RoundPlanner.dueAt(task, false) <= System.currentTimeMillis()
        ? task.window().oldestFresh().arrivedAt()
        : 0;
  }

  /**
   * What is published of it.
   *
   * @param trainer who trains
   * @param at epoch milliseconds
   */
  TrainingProgress progress(String trainer, long at) {
    return new TrainingProgress(
        task,
        trainer,
        state,
        round == 0 ? checkpointVersion : round,
        step,
        steps,
        loss,
        waitingRows,
        windowRows,
        at);
  }
}
