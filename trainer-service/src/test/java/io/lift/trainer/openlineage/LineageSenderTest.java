package io.lift.trainer.openlineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Topics;
import io.lift.testing.Loans;
import io.lift.trainer.openlineage.Catalogue.Call;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a catalogue is told of checkpoints, and that training never waits for it. */
class LineageSenderTest {
  private static final long CREATED = 1_796_069_020_000L;
  private static final KafkaConnection KAFKA =
      new KafkaConnection(
          Map.of("bootstrap.servers", "kafka-1:9092, kafka-2:9092"), Topics.of("teamA."));

  private final Catalogue catalogue = new Catalogue();

  @AfterEach
  void closeCatalogue() {
    catalogue.close();
  }

  @Test
  void aCheckpointIsARunFromTopicsToAVersion() {
    TaskSpec task = Loans.approvals("loans", "orders", "labels");
    try (LineageSender sender = sender("s3cret")) {
      sender.published(task, manifest(7, null));
      awaitEvents(2);
    }

    List<Call> calls = catalogue.taken();
    assertThat(calls)
        .allSatisfy(
            call -> {
              assertThat(call.path()).isEqualTo("/api/v1/lineage");
              assertThat(call.authorization()).isEqualTo("Bearer s3cret");
              assertThat(call.event().at("/job/namespace").asText()).isEqualTo("plant");
              assertThat(call.event().at("/job/name").asText()).isEqualTo("loans");
              assertThat(call.event().at("/schemaURL").asText()).contains("openlineage.io/spec");
              assertThat(names(call.event().get("inputs")))
                  .containsExactly(
                      "kafka://kafka-1:9092 teamA.lift.prompts",
                      "kafka://kafka-1:9092 orders",
                      "kafka://kafka-1:9092 labels");
            });
    JsonNode start = calls.get(0).event();
    JsonNode end = calls.get(1).event();
    assertThat(start.get("eventType").asText()).isEqualTo("START");
    assertThat(end.get("eventType").asText()).isEqualTo("COMPLETE");
    assertThat(start.at("/run/runId")).isEqualTo(end.at("/run/runId"));
    assertThat(start.get("eventTime").asText()).startsWith("2026-11-30T20:03:37.5");
    assertThat(end.get("eventTime").asText()).startsWith("2026-11-30T20:03:40");
    assertThat(end.at("/inputs/0/inputFacets/inputStatistics/rowCount").asLong()).isEqualTo(64);
    assertThat(end.at("/inputs/1/facets/schema/fields").findValuesAsText("name"))
        .containsExactly("age", "approved", "car");
    assertThat(names(end.get("outputs")))
        .containsExactly("kafka://kafka-1:9092 teamA.lift.checkpoints/loans");
    JsonNode facets = end.at("/outputs/0/facets");
    assertThat(facets.at("/version/datasetVersion").asText()).isEqualTo("7");
    assertThat(facets.at("/lift_checkpoint/metrics/loss").asDouble()).isEqualTo(0.25);
    assertThat(facets.at("/lift_checkpoint/ranges/3/to").asLong()).isEqualTo(448);
    assertThat(facets.at("/lift_checkpoint/parent").asLong()).isEqualTo(6);
    assertThat(facets.at("/lift_checkpoint").has("restored")).isFalse();
    assertThat(end.at("/outputs/0/outputFacets/outputStatistics/size").asLong()).isEqualTo(1000);
  }

  @Test
  void aRollbackNamesTheVersionWhoseWeightsItHas() {
    try (LineageSender sender = sender(null)) {
      sender.published(Loans.approvals("loans"), manifest(8, 3L));
      awaitEvents(2);
    }

    Call end = catalogue.taken().get(1);
    assertThat(end.authorization()).isNull();
    assertThat(end.event().at("/outputs/0/facets/lift_checkpoint/restored").asLong()).isEqualTo(3);
    assertThat(names(end.event().get("inputs"))).contains("kafka://kafka-1:9092 teamA.lift.rows");
  }

  @Test
  void anEventThatIsNotTakenIsSentAgainInItsOrderAndOneThatIsRefusedIsLeftOut() {
    catalogue.fail(503, 500, 429);
    try (LineageSender sender = sender(null)) {
      sender.published(Loans.approvals("loans"), manifest(1, null));
      awaitEvents(2);
      catalogue.fail(400);
      sender.published(Loans.approvals("loans"), manifest(2, null));
      awaitEvents(3);
    }

    assertThat(catalogue.taken().stream().map(call -> call.event().get("eventType").asText()))
        .containsExactly("START", "COMPLETE", "COMPLETE");
  }

  @Test
  void nobodyWaitsForACatalogueThatIsAwayOrForMoreEventsThanAreKept() {
    catalogue.close();
    TaskSpec task = Loans.approvals("loans");
    try (LineageSender sender = sender(null)) {
      for (int version = 1; version <= 2_000; version++) {
        sender.published(task, manifest(version, null));
      }
    }

    assertThat(catalogue.taken()).isEmpty();
  }

  private LineageSender sender(String apiKey) {
    return new LineageSender(
        new LineageSender.Settings(
            catalogue.url(), "plant", apiKey, Duration.ofSeconds(5), Duration.ofMillis(5)),
        KAFKA);
  }

  private void awaitEvents(int count) {
    await().atMost(Duration.ofSeconds(60)).until(() -> catalogue.taken().size() >= count);
  }

  private static List<String> names(JsonNode datasets) {
    return datasets.findParents("name").stream()
        .filter(dataset -> dataset.has("namespace"))
        .map(set -> set.get("namespace").asText() + " " + set.get("name").asText())
        .toList();
  }

  private static CheckpointManifest manifest(long version, Long restored) {
    return new CheckpointManifest(
        "loans",
        version,
        version - 1,
        1,
        "template",
        "base",
        "sha" + version,
        1000,
        new CheckpointManifest.Location(0, 0, 1),
        CREATED,
        "trainer-1",
        10 * version,
        7,
        Map.of(3, new CheckpointManifest.OffsetRange(0, 64 * version)),
        Map.of(3, 0L),
        64,
        64 * version,
        Map.of("loss", 0.25, "seconds", 2.5),
        Map.of(),
        restored);
  }
}
