package io.lift.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.messages.Action.Outcome;
import io.lift.messages.Action.Via;
import io.lift.messages.Action.What;
import org.junit.jupiter.api.Test;

class ActionTest {

  @Test
  void anActionIsASentence() {
    assertThat(http("anna", What.CREATE, Outcome.DONE).sentence("loans"))
        .isEqualTo("anna created task loans.");
    assertThat(http(null, What.CREATE, Outcome.DONE).sentence("loans"))
        .isEqualTo("Somebody created task loans.");
    assertThat(
            new Action(
                    What.ROLL_BACK,
                    "anna",
                    true,
                    Via.HTTP,
                    null,
                    Outcome.FAILED,
                    3L,
                    "Version 3 is no longer kept.",
                    null)
                .sentence("loans"))
        .isEqualTo(
            "anna failed to roll back task loans to version 3: Version 3 is no longer kept.");
  }

  @Test
  void whatACommandSaysOfItselfIsMarked() {
    assertThat(command(null).sentence("loans"))
        .isEqualTo("root@box deleted task loans (not verified).");
    assertThat(command("lift-operator").sentence("loans"))
        .isEqualTo("root@box deleted task loans (as lift-operator, not verified).");
  }

  @Test
  void attemptsThatWereLeftOutAreCounted() {
    assertThat(
            new Action(
                    What.INFER,
                    "anna",
                    true,
                    Via.HTTP,
                    null,
                    Outcome.REFUSED,
                    null,
                    "The role operator is missing.",
                    7)
                .sentence(null))
        .isEqualTo(
            "anna was refused to infer a task: The role operator is missing. 7 earlier attempts"
                + " were not recorded.");
  }

  private static Action http(String who, What what, Outcome outcome) {
    return new Action(what, who, who != null, Via.HTTP, null, outcome, null, null, null);
  }

  private static Action command(String client) {
    return new Action(
        What.DELETE, "root@box", false, Via.COMMAND, client, Outcome.DONE, null, null, null);
  }
}
