package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.messages.Topics;
import org.junit.jupiter.api.Test;

class TopicsPrefixTest {

  @Test
  void aPrefixThatKafkaDoesNotTakeIsRejected() {
    assertThatThrownBy(() -> Topics.of("team A/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lift.topics.prefix")
        .hasMessageContaining("'team A/'");
  }

  @Test
  void namesDependOnTheInstanceAndNotOnWhatTheProcessNamedBefore() {
    Topics plain = Topics.of("");
    assertThat(plain.rows().name()).isEqualTo("lift.rows");
    Topics late = Topics.of("late.");
    assertThat(late.rows().name()).isEqualTo("late.lift.rows");
    assertThat(late.name("x")).isEqualTo("late.x");
    assertThat(plain.rows().name()).isEqualTo("lift.rows");
    assertThat(plain.name("x")).isEqualTo("x");
  }

  @Test
  void theRightsOfARoleNameTheTopicsAndGroupsOfItsInstallation() {
    Topics teamA = Topics.of("teamA.");
    for (Role role : Role.values()) {
      assertThat(role.rights(teamA))
          .extracting(RequiredAcl::name)
          .containsExactlyElementsOf(
              role.rights(Topics.of("")).stream().map(right -> "teamA." + right.name()).toList());
      assertThat(teamA.all()).containsAll(role.topics(teamA));
    }
    assertThat(Role.TRAINER.rights(teamA, teamA.groups().trainer(), "teamA.other"))
        .extracting(RequiredAcl::toString)
        .contains("Read on group teamA.other", "Write on transactional id teamA.other-*");
  }
}
