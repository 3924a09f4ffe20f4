package io.lift.inference.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.messages.Topics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WritableTopicsTest {
  private final List<String> lookedUp = new ArrayList<>();
  private final WritableTopics topics =
      new WritableTopics(
          "replies",
          Topics.of(""),
          topic -> {
            lookedUp.add(topic);
            return topic.equals("answers") ? 4 : 0;
          });

  @Test
  void aTopicIsLookedUpOnceForManyReplies() {
    assertThat(topics.usable(new ReplyAddress("answers", null))).isTrue();
    assertThat(topics.usable(new ReplyAddress("answers", 3))).isTrue();
    assertThat(topics.usable(new ReplyAddress("answers", 4))).isFalse();
    assertThat(lookedUp).containsExactly("answers");
    assertThat(topics.rejected()).isEqualTo(1);
  }

  @Test
  void anUnknownTopicIsRejectedWithoutAskingTheBrokerEachTime() {
    for (int i = 0; i < 5; i++) {
      assertThat(topics.usable(new ReplyAddress("nowhere", null))).isFalse();
    }
    assertThat(lookedUp).containsExactly("nowhere");
    assertThat(topics.rejected()).isEqualTo(5);
  }

  @Test
  void liftsOwnTopicsAreNoWritableTopics() {
    assertThat(topics.usable(new ReplyAddress("lift.requests", null))).isFalse();
    assertThat(topics.usable(new ReplyAddress("lift.predictions", 0))).isFalse();
    assertThat(lookedUp).isEmpty();
  }

  @Test
  void aTopicThatCouldNotBeWrittenToIsLeftAloneForAWhile() {
    ReplyAddress address = new ReplyAddress("answers", null);
    assertThat(topics.usable(address)).isTrue();
    topics.failed(address, "not authorized");
    assertThat(topics.usable(address)).isFalse();
  }
}
