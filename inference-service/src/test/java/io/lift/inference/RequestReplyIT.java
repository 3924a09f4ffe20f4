package io.lift.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.testing.Loans;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

/** A requester as others write them, with SmallRye's own client. */
@QuarkusTest
@WithBroker
class RequestReplyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @Inject
  @Channel("questions")
  KafkaRequestReply<byte[], byte[]> questions;

  @Test
  void everyQuestionOfSmallRyesRequestReplyGetsItsOwnAnswer() throws Exception {
    TaskSpec task = Loans.risks("questions", 1, BeforeFirstCheckpoint.BASE);
    try (InferenceClient client = InferenceClient.ready(bootstrap)) {
      client.task(task);
      List<String> rows = IntStream.range(0, 20).mapToObj(n -> "question-" + n).toList();
      List<Uni<String>> answers =
          rows.stream()
              .map(row -> questions.request(question(client, task, row)))
              .map(answer -> answer.map(reply -> answered(reply.getPayload())))
              .toList();

      assertThat(Uni.join().all(answers).andFailFast().await().atMost(PATIENCE)).isEqualTo(rows);
    }
  }

  private static Message<byte[]> question(InferenceClient client, TaskSpec task, String row) {
    return Message.of(Json.write(client.request(task, row)))
        .addMetadata(OutgoingKafkaRecordMetadata.<String>builder().withKey(row).build());
  }

  private static String answered(byte[] reply) {
    PredictionMessage prediction = Json.read(reply, PredictionMessage.class);
    assertThat(prediction.status()).isEqualTo(Status.ANSWERED);
    assertThat(prediction.answer().probabilities()).containsOnlyKeys("low", "high");
    return prediction.row();
  }
}
