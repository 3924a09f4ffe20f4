package io.lift.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicSettingsTest {
  private static Topics topics(String text) {
    return Topics.of("teamA.", TopicSettings.of(text, Topics.MAX_RECORD_BYTES));
  }

  @Test
  void withoutEntriesNothingDiffers() {
    assertThat(topics(" ; ").all()).isEqualTo(Topics.of("teamA.").all());
  }

  @Test
  void anEntryForAllTopicsChangesThoseThatHaveTheSetting() {
    Topics topics = topics("segment.ms=none; retention.ms = 1000");
    assertThat(topics.all())
        .noneMatch(topic -> topic.configs().containsKey("segment.ms"))
        .filteredOn(topic -> topic.configs().containsKey("retention.ms"))
        .hasSize(12)
        .allMatch(topic -> topic.configs().get("retention.ms").equals("1000"));
    assertThat(topics.tasks().configs()).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void anEntryForOneTopicComesBeforeThoseForAllAndMayAddASetting() {
    Topics topics =
        topics("retention.ms=1000;lift.rows:retention.ms=2000;lift.tasks:retention.bytes=-1");
    assertThat(topics.rows().configs()).containsEntry("retention.ms", "2000");
    assertThat(topics.prompts().configs()).containsEntry("retention.ms", "1000");
    assertThat(topics.tasks().configs()).containsEntry("retention.bytes", "-1");
  }

  @Test
  void anotherTopicHasWhatItHadWithoutWhatIsLeftToTheBrokerInAllTopics() {
    Topics topics = topics("segment.bytes=none;retention.ms=1000;lift.rows:cleanup.policy=none");
    Map<String, String> configs =
        Map.of("segment.bytes", "1", "retention.ms", "-1", "cleanup.policy", "delete");
    assertThat(topics.internal(configs))
        .containsOnly(Map.entry("retention.ms", "-1"), Map.entry("cleanup.policy", "delete"));
  }

  @Test
  void partitionsAreSetOrLeftToTheBrokerWhereATopicMayHaveSeveral() {
    Topics topics = topics("partitions=none; lift.rows:partitions=24");
    assertThat(topics.rows().partitions()).isEqualTo(24);
    assertThat(topics.prompts().partitions()).isEqualTo(Topic.BROKERS_CHOICE);
    assertThat(topics.tasks().partitions()).isEqualTo(1);
    assertThatThrownBy(() -> topics("lift.tasks:partitions=2"))
        .hasMessage(
            "lift.topics.settings: lift.tasks has one partition, because its records are read in"
                + " order");
  }

  @Test
  void theLargestRecordIsThatOfItsTopicsAndOfThePiecesOfCheckpoints() {
    Topics topics = Topics.of("", TopicSettings.of("", 1_000_000));
    assertThat(topics.maxRecordBytes()).isEqualTo(1_000_000);
    assertThat(topics.maxChunkBytes()).isEqualTo(500_000);
    assertThat(topics.all())
        .extracting(Topic::maxMessageBytes)
        .allMatch(bytes -> bytes == 1_000_000 || bytes == 1_048_588);
    assertThatThrownBy(() -> TopicSettings.of("", 1000))
        .hasMessage("lift.topics.max-record-bytes must be 262144 to 16777216, but is 1000");
  }

  @Test
  void whatCannotBeReadIsNamed() {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "retention.ms", "'retention.ms' is not [TOPIC:]SETTING=VALUE",
                "lift.rows:partitions=many", "'lift.rows:partitions=many' is no number of",
                "lift.row:retention.ms=1", "Lift has no topic lift.row")
            .entrySet()) {
      assertThatThrownBy(() -> topics(wrong.getKey()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("lift.topics.settings: " + wrong.getValue());
    }
  }
}
