package io.lift.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.bench.audit.Pauses.Pause;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PausesTest {
  private final Pauses pauses = new Pauses();

  @Test
  void theLongestPauseOfEachTopicIsKept() {
    moved("a", 0, 2_000, 7_000, 10_000);
    moved("b", 0, 500, 900);

    assertThat(pauses.longest())
        .isEqualTo(Map.of("a", Optional.of(new Pause("a", 2_000, 7_000)), "b", Optional.empty()));
  }

  @Test
  void aPauseBelongsToTheFirstKillDuringItOrToTheNewestBeforeIt() {
    pauses.killed("broker", 1_000);
    pauses.killed("trainer", 4_000);
    pauses.killed("evaluator", 9_000);
    moved("a", 500, 5_000, 6_500, 8_500, 10_500);

    assertThat(pauses.longestByKill())
        .isEqualTo(
            Map.of(
                "broker", Map.of("a", new Pause("a", 500, 5_000)),
                "trainer", Map.of("a", new Pause("a", 6_500, 8_500)),
                "evaluator", Map.of("a", new Pause("a", 8_500, 10_500))));
  }

  @Test
  void aPauseBeforeAllKillsBelongsToNone() {
    moved("a", 0, 3_000);
    pauses.killed("broker", 4_000);

    assertThat(pauses.longestByKill()).isEqualTo(Map.of("broker", Map.of()));
  }

  private void moved(String topic, long... times) {
    for (long time : times) {
      pauses.moved(topic, time);
    }
  }
}
