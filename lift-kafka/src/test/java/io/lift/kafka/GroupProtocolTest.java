package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupProtocolTest {
  private static final Map<String, Object> MEMBER =
      Map.of(
          "group.id", "group",
          "group.instance.id", "one",
          "session.timeout.ms", 10_000,
          "heartbeat.interval.ms", 2_000,
          "partition.assignment.strategy", "any");

  private static Map<String, Object> fitted(String protocol) {
    Map<String, Object> settings = new HashMap<>(MEMBER);
    settings.put(GroupProtocol.SETTING, protocol);
    GroupProtocol.fit(settings);
    return settings;
  }

  @Test
  void whereTheBrokerAssignsAMemberHasNoSettingsOfTheClassicProtocol() {
    assertThat(fitted("Consumer"))
        .containsOnlyKeys("group.id", GroupProtocol.SETTING)
        .containsEntry("group.id", "group");
  }

  @Test
  void inTheClassicProtocolNothingIsLeftOut() {
    assertThat(fitted("classic")).containsAllEntriesOf(MEMBER);
    Map<String, Object> unset = new HashMap<>(MEMBER);
    GroupProtocol.fit(unset);
    assertThat(unset).isEqualTo(MEMBER);
  }

  @Test
  void aClientWithoutAGroupHasNoProtocol() {
    assertThat(
            GroupProtocol.ungrouped(
                Map.of("group.protocol", "consumer", "group.remote.assignor", "range", "a", "b")))
        .containsOnly(Map.entry("a", "b"));
  }
}
