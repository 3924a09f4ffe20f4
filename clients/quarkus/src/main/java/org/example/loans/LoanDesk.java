package org.example.loans;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Sends an application for a loan each second, and logs what Lift says of it. */
@ApplicationScoped
public class LoanDesk {
  /** Its fields are the columns of the task. Without the column "group" it asks for a prediction. */
  public record Application(int salary, int age, String car, int loan) {}

  /** A topic of yours that is a source of the task needs no header. */
  private static final byte[] TASK = "loans".getBytes(StandardCharsets.UTF_8);

  @Outgoing("applications")
  Multi<Message<Application>> applications() {
    return Multi.createFrom()
        .ticks()
        .every(Duration.ofSeconds(1))
        .map(
            tick -> {
              var record =
                  OutgoingKafkaRecordMetadata.<String>builder()
                      .withKey("application-" + tick)
                      .withHeaders(new RecordHeaders().add("lift.task", TASK))
                      .build();
              return Message.of(application(), Metadata.of(record));
            });
  }

  @Incoming("predictions")
  void answered(Record<String, JsonNode> prediction) {
    JsonNode answer = prediction.value().path("answer");
    String label = answer.path("label").asText();
    Log.infof("%s: %s, %.2f", prediction.key(), label, answer.at("/probabilities/" + label).asDouble());
  }

  private static Application application() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new Application(
        random.nextInt(20_000, 150_000),
        random.nextInt(20, 80),
        "make " + random.nextInt(1, 21),
        random.nextInt(500_000));
  }
}
