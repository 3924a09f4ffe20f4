package io.lift.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.messages.ChartsMessage.Drift;
import io.lift.messages.EventMessage;
import io.lift.messages.Json;
import io.lift.messages.PromptOffset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventsCommandTest {
  private static final EventMessage DRIFT =
      EventMessage.drift(
          "loans",
          new Drift(1_530, 1_795_412_447_268L, 0.93, 0.61, new PromptOffset(3, 1_482)),
          "accuracy",
          48,
          new PromptOffset(3, 1_530),
          "The accuracy of task loans fell from 93 % to 61 % in the newest 48 rows.");

  @Test
  void anEventIsALineOfItsTimeItsKindAndItsSentence() {
    assertThat(EventsCommand.line(DRIFT))
        .isEqualTo(
            "2026-11-23T05:40:47Z  drift        The accuracy of task loans fell from 93 % to 61 %"
                + " in the newest 48 rows.");
  }

  @Test
  void itsKindIsWrittenTheSameWayOnTheWire() {
    for (EventMessage.Kind kind : EventMessage.Kind.values()) {
      String json = new String(Json.write(kind), StandardCharsets.UTF_8);
      assertThat(json).isEqualTo('"' + kind.text() + '"');
    }
    assertThat(Json.read(Json.write(DRIFT), EventMessage.class)).isEqualTo(DRIFT);
  }
}
