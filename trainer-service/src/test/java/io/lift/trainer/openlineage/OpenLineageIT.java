package io.lift.trainer.openlineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.kafka.KafkaClients;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Topics;
import io.lift.testing.BrokerResource;
import io.lift.trainer.training.Rows;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The whole service tells a catalogue of its checkpoints, by the standard setting. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
@QuarkusTestResource(value = OpenLineageIT.CatalogueResource.class, restrictToAnnotatedClass = true)
class OpenLineageIT {
  private static final Topics TOPICS = Topics.of("");

  /** A catalogue that first fails, as one that is being restarted does. */
  public static final class CatalogueResource implements QuarkusTestResourceLifecycleManager {
    private Catalogue catalogue;

    @Override
    public Map<String, String> start() {
      catalogue = new Catalogue();
      catalogue.fail(503);
      return Map.of("openlineage.url", catalogue.url().toString());
    }

    @Override
    public void inject(TestInjector injector) {
      injector.injectIntoFields(catalogue, field -> field.getType() == Catalogue.class);
    }

    @Override
    public void stop() {
      catalogue.close();
    }
  }

  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> kafka;

  Catalogue catalogue;

  @Test
  void aPublishedCheckpointIsToldAsSoonAsTheCatalogueAnswers() {
    TaskSpec task = Rows.task("told", 1, TemplateSpec.named(), Rows.rounds(20));
    try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, Map.of())) {
      producer.send(
          new ProducerRecord<>(
              TOPICS.tasks().name(), HeaderValues.bytes(task.name()), Json.write(task)));
      for (int number = 0; number < 20; number++) {
        producer.send(Rows.record(task, number));
      }
      producer.flush();
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> catalogue.taken().size() >= 2);

    JsonNode end = catalogue.taken().get(1).event();
    assertThat(end.at("/job/name").asText()).isEqualTo("told");
    assertThat(end.at("/outputs/0/facets/version/datasetVersion").asText()).isEqualTo("1");
    assertThat(end.at("/outputs/0/facets/lift_checkpoint/metrics/loss").isNumber()).isTrue();
    assertThat(end.at("/inputs/0/name").asText()).isEqualTo("lift.prompts");
  }
}
