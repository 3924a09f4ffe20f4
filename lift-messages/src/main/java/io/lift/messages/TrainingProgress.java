package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * How the training of a task stands, on {@code lift.training}: when something has changed, twice a
 * second at most, and at least every {@link #HEARTBEAT} while a trainer has the task.
 *
 * @param task the task; also the key
 * @param trainer who trains it
 * @param state what goes on
 * @param version the version that the running round will make, or the current one; 0 before the
 *     first round
 * @param step optimizer step of the running round or retraining, or 0
 * @param steps how many steps it has, or 0
 * @param loss loss of the newest step, or of the last round; absent before the first
 * @param waitingRows rows read that no checkpoint holds yet
 * @param windowRows rows held for rehearsal
 * @param at epoch milliseconds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingProgress(
    String task,
    String trainer,
    State state,
    long version,
    int step,
    int steps,
    Double loss,
    int waitingRows,
    int windowRows,
    long at) {
  /** How often a trainer says that it is there. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /** What goes on with a task. */
  public enum State {
    /** Every row read is in a checkpoint. */
    @JsonProperty("idle")
    IDLE,
    /** Rows wait for the next round. */
    @JsonProperty("waiting")
    WAITING,
    /** A round is running. */
    @JsonProperty("training")
    TRAINING,
    /** Nothing is due; a new ensemble is trained in spare time. */
    @JsonProperty("retraining")
    RETRAINING
  }
}
