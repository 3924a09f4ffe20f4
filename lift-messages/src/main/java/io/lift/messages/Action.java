package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What somebody did to a task, or tried to do.
 *
 * @param what what it was
 * @param who name of the caller; null where nobody has to sign in
 * @param verified whether a token has proved the name; a command says it by itself
 * @param via how it came
 * @param client of a command: the user or client id by which Kafka knows it; null if unknown
 * @param outcome how it ended
 * @param version of a rollback: the version to go back to; null for others
 * @param reason why it was refused or has failed, in one sentence; null for others
 * @param unrecorded earlier refused attempts of the same caller that were too many to be recorded;
 *     null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Action(
    What what,
    String who,
    boolean verified,
    Via via,
    String client,
    Outcome outcome,
    Long version,
    String reason,
    Integer unrecorded) {

  /** What can be done to a task. */
  public enum What {
    /** A new task. */
    @JsonProperty("create")
    CREATE("create", "created"),
    /** A further version of a task. */
    @JsonProperty("replace")
    REPLACE("replace", "replaced"),
    /** A task is made of a table or of the first rows of a topic. */
    @JsonProperty("infer")
    INFER("infer", "inferred"),
    /** A task is deleted. */
    @JsonProperty("delete")
    DELETE("delete", "deleted"),
    /** The topics of a task are read again. */
    @JsonProperty("replay")
    REPLAY("replay", "replayed"),
    /** An earlier version becomes current again. */
    @JsonProperty("roll-back")
    ROLL_BACK("roll back", "rolled back");

    private final String verb;
    private final String past;

    What(String verb, String past) {
      this.verb = verb;
      this.past = past;
    }
  }

  /** How an action came. */
  public enum Via {
    /** By a call of HTTP, also from the page. */
    @JsonProperty("http")
    HTTP,
    /** By the {@code lift} command, over Kafka. */
    @JsonProperty("command")
    COMMAND
  }

  /** How an action ended. */
  public enum Outcome {
    /** It has taken effect. */
    @JsonProperty("done")
    DONE,
    /** A service will do it, and say so by itself. */
    @JsonProperty("requested")
    REQUESTED,
    /** The caller's role does not allow it. */
    @JsonProperty("refused")
    REFUSED,
    /** It was impossible. */
    @JsonProperty("failed")
    FAILED
  }

  /**
   * The action in one sentence.
   *
   * @param task null if it names none
   */
  public String sentence(String task) {
    StringBuilder text = new StringBuilder(who == null ? "Somebody" : who);
    text.append(
        switch (outcome) {
          case DONE -> " " + what.past;
          case REQUESTED -> " asked to " + what.verb;
          case REFUSED -> " was refused to " + what.verb;
          case FAILED -> " failed to " + what.verb;
        });
    text.append(task == null ? " a task" : " task " + task);
    if (version != null) {
      text.append(" to version ").append(version);
    }
    if (via == Via.COMMAND) {
      text.append(client == null ? " (" : " (as %s, ".formatted(client)).append("not verified)");
    }
    text.append(reason == null ? "." : ": " + reason);
    if (unrecorded != null) {
      text.append(" %d earlier attempts were not recorded.".formatted(unrecorded));
    }
    return text.toString();
  }
}
