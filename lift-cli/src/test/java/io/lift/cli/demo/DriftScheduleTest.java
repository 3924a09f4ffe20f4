package io.lift.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.cli.base.CliException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftScheduleTest {

  @Test
  void theLastFunctionStays() {
    DriftSchedule schedule = new DriftSchedule(List.of(1, 3), 100, false);

    assertThat(schedule.function(99)).isEqualTo(1);
    assertThat(schedule.function(100)).isEqualTo(3);
    assertThat(schedule.function(900)).isEqualTo(3);
    assertThat(schedule.driftsAt(100)).isTrue();
    assertThat(schedule.driftsAt(200)).isFalse();
  }

  @Test
  void anEndlessScheduleGoesRound() {
    DriftSchedule schedule = new DriftSchedule(List.of(1, 3), 100, true);

    assertThat(schedule.function(200)).isEqualTo(1);
    assertThat(schedule.driftsAt(200)).isTrue();
    assertThat(schedule.driftsAt(0)).isFalse();
  }

  @Test
  void oneFunctionNeverDrifts() {
    assertThat(new DriftSchedule(List.of(2), 10, true).driftsAt(10)).isFalse();
  }

  @Test
  void functionsThatDoNotExistAreRefused() {
    assertThatThrownBy(() -> new DriftSchedule(List.of(1, 11), 10, true))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("11");
  }
}
