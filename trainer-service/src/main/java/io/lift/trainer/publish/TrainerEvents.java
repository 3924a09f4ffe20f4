package io.lift.trainer.publish;

import io.lift.messages.CheckpointManifest;
import io.lift.messages.EventMessage;
import io.lift.messages.PromptOffset;
import io.lift.messages.RollbackRequest.Worse;
import java.util.Locale;
import java.util.Optional;

/** What the trainer writes on {@code lift.events}, with its sentences. */
public final class TrainerEvents {
  private TrainerEvents() {}

  /**
   * The event of a checkpoint that follows a drift; empty if its rows end before the row that
   * showed the drift.
   */
  public static Optional<EventMessage> retrained(EventMessage drift, CheckpointManifest made) {
    if (!includes(made, drift.detected())) {
      return Optional.empty();
    }
    String text =
        "Version %d of task %s is the first that has learned the rows of the drift; %d rows entered with it."
            .formatted(made.version(), made.task(), made.newRows());
    Long parent = made.parent() == 0 ? null : made.parent();
    return Optional.of(EventMessage.retrained(drift, made, parent, text));
  }

  /** Whether a row is among those that a version or its ancestors have learned. */
  private static boolean includes(CheckpointManifest made, PromptOffset row) {
    if (row == null) {
      return true;
    }
    Long to = made.trainedTo().get(row.partition());
    return to != null && row.offset() < to;
  }

  /** The event of a rollback. */
  public static EventMessage rolledBack(Rollback rollback, CheckpointManifest made) {
    long replaced = rollback.latest().version();
    Worse worse = rollback.request().worse();
    String by = rollback.request().by();
    String why =
        worse == null
            ? (by == null ? "an operator" : by) + " asked for it"
            : String.format(
                Locale.ROOT,
                "on the same %d rows, version %d had a log loss of %.3f and version %d one of %.3f",
                worse.rows(),
                worse.version(),
                worse.loss(),
                made.restored(),
                worse.earlierLoss());
    String text =
        "Version %d of task %s has the weights of version %d again: %s."
            .formatted(made.version(), made.task(), made.restored(), why);
    return EventMessage.rolledBack(rollback.request(), made, replaced, text);
  }
}
