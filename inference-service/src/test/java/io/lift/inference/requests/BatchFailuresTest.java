package io.lift.inference.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.kafka.RefusedRecords;
import io.lift.messages.Topics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class BatchFailuresTest {
  private static final Topics TOPICS = Topics.of("");
  private static final String PREDICTIONS = TOPICS.predictions().name();
  private static final RecordTooLargeException TOO_LARGE = new RecordTooLargeException("too large");

  private final WritableTopics topics = new WritableTopics("predictions", TOPICS, topic -> 1);
  private final RefusedRecords refused = new RefusedRecords();
  private final RefusedRecords refusedBySinks = new RefusedRecords();
  private final BatchFailures failures =
      new BatchFailures(
          new OutputRecords(TOPICS, new Sinks(task -> Optional.empty(), Map::of, null, topics)),
          refused,
          refusedBySinks);

  private static ConsumerRecord<byte[], byte[]> request(long offset) {
    return new ConsumerRecord<>("lift.requests", 0, offset, new byte[0], new byte[0]);
  }

  private void fails(String topic, long offset, Exception failure) {
    failures.failed(
        new ProducerRecord<>(topic, new byte[0], new byte[0]), request(offset), failure);
  }

  private boolean usable(String topic) {
    return topics.usable(new ReplyAddress(topic, null));
  }

  @Test
  void ofRecordsThatFailWithTheFirstOneOnlyThatOneIsRefused() {
    fails(PREDICTIONS, 1, TOO_LARGE);
    fails(PREDICTIONS, 2, TOO_LARGE);
    fails("own", 3, TOO_LARGE);
    assertThat(refused.why(request(1)))
        .hasValueSatisfying(why -> assertThat(why).endsWith("too large"));
    assertThat(refused.why(request(2))).isEmpty();
    assertThat(refusedBySinks.why(request(3))).isEmpty();
  }

  @Test
  void aCopyThatIsTooLargeForTheTopicOfATaskIsRefusedThereAlone() {
    fails("own", 1, TOO_LARGE);
    assertThat(refusedBySinks.why(request(1))).isPresent();
    assertThat(refused.why(request(1))).isEmpty();
    assertThat(usable("own")).isTrue();
  }

  @Test
  void aTopicIsToBlameForItsOwnFailuresAndNotForThoseOfTheTransaction() {
    fails("own", 1, new OutOfOrderSequenceException("given up"));
    assertThat(usable("own")).isTrue();
    fails("own", 1, new TopicAuthorizationException("own"));
    assertThat(usable("own")).as("the second failure of a batch").isTrue();
  }

  @Test
  void aTopicThatMayNotBeWrittenToIsLeftOut() {
    fails("own", 1, new TopicAuthorizationException("own"));
    assertThat(usable("own")).isFalse();
    assertThat(refusedBySinks.why(request(1))).isEmpty();
  }
}
