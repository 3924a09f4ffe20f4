package io.lift.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topic;
import io.lift.testing.Loans;
import io.lift.testing.TopicClient;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** Where replies go. */
@QuarkusTest
@WithBroker
class RepliesIT extends InferenceFixture {
  @Test
  void aReplyGoesWhereTheRequestSaysWithItsCorrelationId() throws Exception {
    TaskSpec task = Loans.risks("replied", 1, BeforeFirstCheckpoint.BASE);
    client.task(task);
    Topic<byte[]> replyTopic = client.topics().create("answers", byte[].class, 4);

    client.ask(
        task,
        "ours",
        TopicClient.header(Headers.REPLY_TOPIC, "answers"),
        TopicClient.header(Headers.REPLY_PARTITION, "2"),
        TopicClient.header(Headers.CORRELATION_ID, "c1"));
    byte[] correlation = {0, -1, 7};
    client.ask(
        task,
        "smallrye",
        TopicClient.header(Headers.SMALLRYE_REPLY_TOPIC, "answers"),
        new RecordHeader(
            Headers.SMALLRYE_REPLY_PARTITION, ByteBuffer.allocate(4).putInt(3).array()),
        new RecordHeader(Headers.SMALLRYE_CORRELATION_ID, correlation));
    client.ask(task, "nowhere", TopicClient.header(Headers.REPLY_TOPIC, "no-such-topic"));
    client.ask(task, "loop", TopicClient.header(Headers.REPLY_TOPIC, TOPICS.requests().name()));

    Map<String, ConsumerRecord<byte[], byte[]>> replies =
        client.topics().read(replyTopic, 2, record -> true).stream()
            .collect(Collectors.toMap(r -> InferenceClient.prediction(r).row(), r -> r));
    assertThat(replies).containsOnlyKeys("ours", "smallrye");
    assertThat(replies.get("ours").partition()).isEqualTo(2);
    assertThat(HeaderValues.string(replies.get("ours").headers(), Headers.CORRELATION_ID))
        .isEqualTo("c1");
    assertThat(replies.get("smallrye").partition()).isEqualTo(3);
    assertThat(
            replies.get("smallrye").headers().lastHeader(Headers.SMALLRYE_CORRELATION_ID).value())
        .isEqualTo(correlation);
    assertThat(client.predictions(task.name(), 4))
        .hasSize(4)
        .allMatch(p -> p.status() == Status.ANSWERED);
  }

  @Test
  void aRequesterLearnsWhyItsRowWasRejected() {
    Topic<byte[]> replies = client.topics().create("rejections", byte[].class, 1);
    RequestMessage rejected =
        new RequestMessage(
            "none",
            0,
            "r",
            null,
            null,
            new Origin("lift.rows", 0, 0, 0),
            "wrong-type: it is bad",
            null,
            null,
            null,
            null,
            null);
    client
        .topics()
        .send(
            TOPICS.requests(),
            "r",
            rejected,
            TopicClient.header(Headers.USE, Headers.TRY),
            TopicClient.header(Headers.SPRING_REPLY_TOPIC, "rejections"),
            TopicClient.header(Headers.SPRING_CORRELATION_ID, "c"));

    assertThat(client.topics().read(replies, 1, record -> true))
        .singleElement()
        .satisfies(
            reply -> {
              PredictionMessage answer = InferenceClient.prediction(reply);
              assertThat(answer.status()).isEqualTo(Status.FAILED);
              assertThat(answer.message()).isEqualTo("wrong-type: it is bad");
              assertThat(HeaderValues.string(reply.headers(), Headers.SPRING_CORRELATION_ID))
                  .isEqualTo("c");
            });
    assertThat(client.topics().read(TOPICS.predictions()))
        .noneMatch(record -> InferenceClient.prediction(record).task().equals("none"));
  }
}
