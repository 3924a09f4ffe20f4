package io.lift.trainer;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.Topics;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import io.lift.trainer.prompts.PromptReader;
import io.lift.trainer.training.Rows;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The service starts on a partition where its group has committed which rows are in windows. */
@QuarkusTest
@QuarkusTestResource(value = TakeOverIT.Committed.class, restrictToAnnotatedClass = true)
class TakeOverIT {
  private static final Topics TOPICS = Topics.of("");
  private static final int ROWS = 20_000;
  private static final TaskSpec TASK =
      Rows.task("waiting", TrainingPolicy.builder().firstRound(1_000_000).build());

  /** A broker with many rows of one task, and what a trainer before has committed. */
  public static final class Committed implements QuarkusTestResourceLifecycleManager {
    private TestKafka kafka;

    @Override
    public Map<String, String> start() {
      kafka = TestKafka.start();
      TopicAdmin.ensure(kafka.settings(), TOPICS.all());
      try (TopicClient client = new TopicClient(kafka);
          Admin admin = Admin.create(kafka.settings())) {
        client.send(TOPICS.tasks(), TASK.name(), TASK);
        for (int row = 0; row < ROWS; row++) {
          client.sendLater(Rows.record(TASK, row));
        }
        client.flush();
        int partition = PromptReader.partition(TASK.name(), TOPICS.prompts().partitions());
        admin
            .alterConsumerGroupOffsets(
                TOPICS.groups().trainer(),
                Map.of(
                    new TopicPartition(TOPICS.prompts().name(), partition),
                    new OffsetAndMetadata(ROWS - 5, "2-5,12000-12001,%d-".formatted(ROWS - 5))))
            .all()
            .get();
      } catch (ExecutionException | InterruptedException e) {
        throw new AssertionError(e);
      }
      return Map.of("kafka.bootstrap.servers", kafka.bootstrap());
    }

    @Override
    public void stop() {
      kafka.close();
    }
  }

  @Test
  void theRowsOfTheWindowsAreReadAndTheOthersAreSoughtPast() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(get("/training").then().extract().<Integer>path("[0].waitingRows"))
                    .isEqualTo(3 + 1 + 5));
    assertThat(read()).as("records that the consumer has read").isLessThan(ROWS / 2.0);
  }

  /** Kafka's own count of the records that the channel's consumer was given. */
  private static double read() {
    return get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith("kafka_consumer_fetch_manager_records_consumed_total{"))
        .filter(line -> line.contains("client_id=\"kafka-consumer-prompts\""))
        .filter(line -> !line.contains("topic="))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }
}
