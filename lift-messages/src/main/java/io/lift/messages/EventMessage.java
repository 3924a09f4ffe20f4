package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.lift.core.metrics.MetricNames;

/**
 * Something that happened to a task, on {@code lift.events}. The service that decides it writes it,
 * in the transaction in which it takes effect; an action is written after it was done.
 *
 * @param task the task; also the key; null for a refused action that names no task
 * @param kind what happened
 * @param at epoch milliseconds: of the row that showed it, or of the new version
 * @param metric name of the figures {@code before} and {@code after}; null without them
 * @param before the metric before the event, or of the version that is restored
 * @param after the metric after the event, or of the version that is replaced
 * @param rows rows behind {@code after}, or that entered with the version
 * @param scored rows scored when it happened; null where the trainer decides
 * @param since where the newest regime begins: its first labelled row; null if unknown
 * @param detected the row that showed the drift; null if unknown
 * @param version the version that the event made; null for none
 * @param replaced the version that was current before; null for none
 * @param restored the version whose weights are current again; null for none
 * @param action who did what; null for all other kinds
 * @param text the event in one sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record EventMessage(
    String task,
    Kind kind,
    long at,
    String metric,
    Double before,
    Double after,
    Long rows,
    Long scored,
    PromptOffset since,
    PromptOffset detected,
    Long version,
    Long replaced,
    Long restored,
    Action action,
    String text) {

  /** What happened. */
  public enum Kind {
    /** The error rose beyond its earlier variation. */
    @JsonProperty("drift")
    DRIFT("drift"),
    /** Answers are to be based on the labelled rows since the drift. */
    @JsonProperty("shortened")
    SHORTENED("shortened"),
    /** The first checkpoint whose rows include the drift is published. */
    @JsonProperty("retrained")
    RETRAINED("retrained"),
    /** An earlier version is current again. */
    @JsonProperty("rolled-back")
    ROLLED_BACK("rolled-back"),
    /** Somebody has done or tried something. */
    @JsonProperty("action")
    ACTION("action"),
    /** Predictions do not go to the task's own topic. */
    @JsonProperty("unsent")
    UNSENT("unsent");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As on the wire. */
    public String text() {
      return text;
    }
  }

  /**
   * A detected drift.
   *
   * @param metric of {@code before} and {@code after}
   * @param rows rows since the drift began
   * @param text the event in one sentence
   */
  public static EventMessage drift(
      String task,
      ChartsMessage.Drift drift,
      String metric,
      long rows,
      PromptOffset detected,
      String text) {
    return new EventMessage(
        task,
        Kind.DRIFT,
        drift.at(),
        metric,
        drift.before(),
        drift.after(),
        rows,
        drift.scored(),
        drift.since(),
        detected,
        null,
        null,
        null,
        null,
        text);
  }

  /** The support set begins anew at {@code since} of the drift. */
  public static EventMessage shortened(
      String task, ChartsMessage.Drift drift, long rows, String text) {
    return new EventMessage(
        task,
        Kind.SHORTENED,
        drift.at(),
        null,
        null,
        null,
        rows,
        drift.scored(),
        drift.since(),
        null,
        null,
        null,
        null,
        null,
        text);
  }

  /**
   * A checkpoint whose rows include a drift.
   *
   * @param drift the event that it follows
   * @param replaced the version that was current before; null for none
   */
  public static EventMessage retrained(
      EventMessage drift, CheckpointManifest made, Long replaced, String text) {
    return new EventMessage(
        made.task(),
        Kind.RETRAINED,
        made.createdAt(),
        null,
        null,
        null,
        made.newRows(),
        null,
        drift.since(),
        drift.detected(),
        made.version(),
        replaced,
        null,
        null,
        text);
  }

  /**
   * A rollback.
   *
   * @param request why; an operator's has no figures
   * @param replaced the version that was current before
   */
  public static EventMessage rolledBack(
      RollbackRequest request, CheckpointManifest made, long replaced, String text) {
    RollbackRequest.Worse worse = request.worse();
    return new EventMessage(
        made.task(),
        Kind.ROLLED_BACK,
        made.createdAt(),
        worse == null ? null : MetricNames.LOG_LOSS,
        worse == null ? null : worse.earlierLoss(),
        worse == null ? null : worse.loss(),
        worse == null ? null : worse.rows(),
        null,
        null,
        null,
        made.version(),
        replaced,
        made.restored(),
        null,
        text);
  }

  /**
   * Predictions do not go to the task's own topic.
   *
   * @param at epoch milliseconds
   * @param text why, in one sentence
   */
  public static EventMessage unsent(String task, long at, String text) {
    return of(task, Kind.UNSENT, at, null, text);
  }

  /**
   * What somebody did or tried.
   *
   * @param task null if it names none
   * @param at epoch milliseconds
   */
  public static EventMessage action(String task, long at, Action action) {
    return of(task, Kind.ACTION, at, action, action.sentence(task));
  }

  private static EventMessage of(String task, Kind kind, long at, Action action, String text) {
    return new EventMessage(
        task, kind, at, null, null, null, null, null, null, null, null, null, null, action, text);
  }
}
