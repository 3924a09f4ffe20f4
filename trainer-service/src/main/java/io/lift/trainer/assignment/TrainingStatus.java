package io.lift.trainer.assignment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.TrainingProgress;
import io.lift.messages.TrainingProgress.State;
import io.lift.trainer.round.PausedRound;
import io.lift.trainer.round.RoundPlanner;
import java.util.Optional;

/**
 * The status of the training of one task, as in {@code GET /training}.
 *
 * @param task the task
 * @param partition its partition of {@code lift.prompts}
 * @param state what is done for it
 * @param step optimizer steps done in the running or paused round or retraining; 0 when none is
 *     running
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
   * @param running what the training thread does, for this or another task
   */
  static TrainingStatus of(TaskTraining task, Optional<RunningWork> running) {
    Optional<RunningWork> work = running.filter(any -> any.task() == task);
    Optional<PausedRound> paused = work.isPresent() ? Optional.empty() : task.paused();
    double loss = work.filter(RunningWork::isRound).map(RunningWork::loss).orElse(Double.NaN);
    loss = Double.isNaN(loss) ? task.lineage().loss() : loss;
    CheckpointManifest latest = task.lineage().latest();
    return new TrainingStatus(
        task.name(),
        task.partition().partition(),
        paused.isPresent() ? State.TRAINING : state(task),
        work.map(RunningWork::step).or(() -> paused.map(PausedRound::step)).orElse(0),
        work.map(RunningWork::steps).or(() -> paused.map(PausedRound::steps)).orElse(0),
        Double.isFinite(loss) ? loss : null,
        work.map(RunningWork::version)
            .or(() -> paused.map(any -> any.round().version()))
            .orElse(0L),
        task.window().fresh(),
        waitingSince(task),
        task.window().rehearsed(),
        latest == null ? 0 : latest.rows(),
        latest == null ? 0 : latest.version(),
        latest == null ? 0 : latest.createdAt(),
        latest == null ? 0 : latest.size());
  }

  private static State state(TaskTraining task) {
    switch (task.state()) {
      case TRAINING, PUBLISHING:
        return State.TRAINING;
      case RETRAINING:
        return State.RETRAINING;
      default:
        return task.window().fresh() > 0 ? State.WAITING : State.IDLE;
    }
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
   * @param trainer name of this trainer
   * @param at epoch milliseconds
   */
  public TrainingProgress progress(String trainer, long at) {
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
