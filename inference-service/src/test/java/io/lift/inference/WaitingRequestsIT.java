package io.lift.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.testing.Loans;
import io.lift.testing.TopicClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Requests before the first checkpoint, and deadlines. */
@QuarkusTest
@WithBroker
class WaitingRequestsIT extends InferenceFixture {
  @Test
  void theBaseModelAnswersEarlyRequestsWhereTheTaskSaysSo() throws Exception {
    TaskSpec task = Loans.risks("early-base", 1, BeforeFirstCheckpoint.BASE);
    client.task(task);

    client.ask(task, "r1");

    PredictionMessage prediction = only(task);
    assertThat(prediction.status()).isEqualTo(Status.ANSWERED);
    assertThat(prediction.checkpoint().version()).isZero();
    assertThat(prediction.checkpoint().sha256()).isNull();
    assertThat(prediction.checkpoint().trainedTo()).isEmpty();
  }

  @Test
  void earlyRequestsWaitForTheFirstCheckpointAndDoNotHoldUpOtherTasks() throws Exception {
    TaskSpec waiting = Loans.risks("early-wait", 1, BeforeFirstCheckpoint.WAIT);
    TaskSpec other = Loans.risks("early-other", 1, BeforeFirstCheckpoint.WAIT);
    client.task(waiting);
    client.task(other);
    for (int i = 0; i < 20; i++) {
      client.ask(waiting, "w" + i, TopicClient.header(Headers.CORRELATION_ID, "c" + i));
      client.ask(other, "o" + i);
    }
    client.topics().read(TOPICS.requestsParked(), 40, record -> true);

    publish(other, 1, InferenceClient.fineTune(base, other, 1));
    assertThat(client.predictions(other.name(), 20))
        .hasSize(20)
        .allMatch(p -> p.checkpoint().version() == 1);
    assertThat(client.predictions(waiting.name(), 0)).isEmpty();

    publish(waiting, 1, InferenceClient.fineTune(base, waiting, 1));
    List<ConsumerRecord<byte[], byte[]>> answers =
        client
            .topics()
            .read(
                TOPICS.predictions(),
                20,
                r -> InferenceClient.prediction(r).task().equals("early-wait"));
    assertThat(answers)
        .hasSize(20)
        .allSatisfy(
            record ->
                assertThat(HeaderValues.string(record.headers(), Headers.CORRELATION_ID))
                    .isEqualTo("c" + InferenceClient.prediction(record).row().substring(1)));
  }

  @Test
  void aWaitingRequestExpiresAtItsDeadline() throws Exception {
    TaskSpec task = Loans.risks("wait-expires", 1, BeforeFirstCheckpoint.WAIT);
    client.task(task);
    long deadline = System.currentTimeMillis() + 1_000;

    client.ask(task, "r1", TopicClient.header(Headers.DEADLINE, Long.toString(deadline)));

    assertThat(only(task).status()).isEqualTo(Status.EXPIRED);
    assertThat(System.currentTimeMillis()).isGreaterThan(deadline);
  }

  @Test
  void aRequestWhoseDeadlineHasPassedIsNotScored() throws Exception {
    TaskSpec task = Loans.risks("expired", 1, BeforeFirstCheckpoint.BASE);
    client.task(task);

    client.ask(task, "r1", TopicClient.header(Headers.DEADLINE, "1"));

    PredictionMessage prediction = only(task);
    assertThat(prediction.status()).isEqualTo(Status.EXPIRED);
    assertThat(prediction.answer()).isNull();
  }
}
