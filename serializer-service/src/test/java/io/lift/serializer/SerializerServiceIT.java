package io.lift.serializer;

import static io.lift.messages.HeaderValues.bytes;
import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import io.lift.kafka.KafkaClients;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PromptMessage;
import io.lift.messages.Topics;
import io.lift.testing.BrokerResource;
import io.lift.testing.Loans;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Rows become examples, requests and dead letters. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class SerializerServiceIT extends SerializerFixture {
  @Test
  void itIsReadyAndLiveOnceItReadsRows() {
    await().atMost(LIMIT).untilAsserted(() -> get("/q/health/ready").then().statusCode(200));
    get("/q/health/live").then().statusCode(200);
  }

  @Test
  void rowsBecomeExamplesAndRequestsAndAreMetered() {
    try (var producer = producer()) {
      producer.send(task(Loans.approvals("flow")));
      for (int i = 0; i < 300; i++) {
        producer.send(row("flow", "flow-" + i, ROW, Map.of()));
      }
    }
    var requests = read(TOPICS.requests(), record -> text(record.key()).startsWith("flow-"), 300);
    assertThat(requests.stream().map(record -> text(record.key())).distinct()).hasSize(300);
    var prompts = read(TOPICS.prompts(), record -> text(record.key()).equals("flow"), 300);
    assertThat(prompts.stream().map(ConsumerRecord::partition).distinct()).hasSize(1);
    assertThat(prompts.stream().map(SerializerServiceIT::example).map(PromptMessage::row))
        .doesNotHaveDuplicates()
        .hasSize(300);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                get("/q/metrics")
                    .then()
                    .body(containsString("lift_service_up{application=\"lift-serializer\"} 1.0"))
                    .body(containsString("lift_rows_total{task=\"flow\"} 300.0"))
                    .body(containsString("lift_prompts_total{task=\"flow\"} 300.0"))
                    .body(containsString("lift_requests_total{task=\"flow\"} 300.0")));
  }

  @Test
  void malformedRecordsAreDeadLettersAndTheGoodOnesAmongThemAreAnswered() {
    Map<String, byte[]> malformed = new TreeMap<>();
    malformed.put("invalid-json", bytes("age=50"));
    malformed.put("invalid-utf8", new byte[] {'{', '"', -1, '"', ':', '1', '}'});
    malformed.put("not-an-object", bytes("[1,2]"));
    malformed.put("nested-value", bytes("{\"age\":[50]}"));
    malformed.put("duplicate-field", bytes("{\"age\":1,\"age\":2}"));
    malformed.put("wrong-type", bytes("{\"age\":\"old\"}"));
    malformed.put("not-finite", bytes("{\"age\":-Infinity}"));
    malformed.put("unknown-label", bytes("{\"age\":1,\"approved\":\"maybe\"}"));
    malformed.put("no-features", bytes("{}"));
    malformed.put("too-large", new byte[10_000_000]);
    malformed.put("null-value", null);
    Map<String, Integer> expected = new HashMap<>();
    int rounds = 10;
    try (var producer = producer()) {
      producer.send(task(Loans.approvals("mixed")));
      for (int i = 0; i < rounds; i++) {
        for (var bad : malformed.entrySet()) {
          producer.send(row("mixed", "mixed-good-" + bad.getKey() + i, ROW, Map.of()));
          producer.send(raw("mixed", bytes("mixed-bad-" + bad.getKey()), bad.getValue()));
          expected.merge(bad.getKey(), 1, Integer::sum);
        }
        producer.send(raw("mixed", null, bytes(ROW)));
        expected.merge("null-key", 1, Integer::sum);
        producer.send(row("mixed-nobody's", "mixed-x", ROW, Map.of()));
        expected.merge("unknown-task", 1, Integer::sum);
        producer.send(row("mixed", "mixed-y", ROW, Map.of(Headers.USE, "sometimes")));
        expected.merge("invalid-header", 1, Integer::sum);
      }
    }
    int count = expected.values().stream().mapToInt(Integer::intValue).sum();
    var letters =
        read(
            TOPICS.deadLetters(),
            record -> HeaderValues.string(record.headers(), Headers.TASK).startsWith("mixed"),
            count);
    Map<String, Integer> reasons = new HashMap<>();
    for (var letter : letters) {
      String reason = HeaderValues.string(letter.headers(), Headers.ERROR_REASON);
      reasons.merge(reason, 1, Integer::sum);
      if (malformed.containsKey(reason)) {
        assertThat(text(letter.key())).isEqualTo("mixed-bad-" + reason);
        assertThat(letter.value()).isEqualTo(malformed.get(reason));
      }
    }
    assertThat(reasons).isEqualTo(expected);
    read(
        TOPICS.requests(),
        record -> text(record.key()).startsWith("mixed-good-"),
        rounds * malformed.size());
    get("/q/health").then().statusCode(200);
  }

  @Test
  void recordsTooLargeForAnyTopicAreCutAndTheRowsAroundThemAreAnswered() throws Exception {
    byte[] large = new byte[Topics.MAX_RECORD_BYTES];
    byte[] compressible = new byte[3 * Topics.MAX_RECORD_BYTES];
    Map<String, Object> zstd =
        Map.of(
            "compression.type",
            "zstd",
            "max.request.size",
            100_000_000,
            "buffer.memory",
            200_000_000L);
    int rows = 60;
    try (var producer = producer();
        var compressing = KafkaClients.producer(Map.of("bootstrap.servers", bootstrap), zstd)) {
      producer.send(task(Loans.approvals("huge")));
      for (int i = 0; i < rows; i++) {
        producer.send(row("huge", "huge-good-" + i, ROW, Map.of()));
        if (i % 20 == 0) {
          var headers = Map.of("traceparent", "0".repeat(100 * 1024));
          compressing.send(row("huge", "huge-bad-header" + i, text(large), headers)).get();
          compressing.send(raw("huge", bytes("huge-bad-zstd" + i), compressible)).get();
          compressing
              .send(
                  row(
                      "huge",
                      "huge-bad-correlation" + i,
                      ROW,
                      Map.of(Headers.CORRELATION_ID, "c".repeat(17 << 20))))
              .get();
        }
      }
    }
    var letters =
        read(
            TOPICS.deadLetters(),
            record -> record.key() != null && text(record.key()).startsWith("huge-bad"),
            9);
    assertThat(letters)
        .allMatch(
            letter ->
                "too-large".equals(HeaderValues.string(letter.headers(), Headers.ERROR_REASON)))
        .allMatch(letter -> letter.headers().lastHeader(Headers.ERROR_CUT) != null);
    var requests =
        read(TOPICS.requests(), record -> text(record.key()).startsWith("huge-good-"), rows);
    assertThat(requests).extracting(record -> text(record.key())).doesNotHaveDuplicates();
    get("/q/health").then().statusCode(200);
  }

  @Test
  void aTaskCreatedAMomentBeforeItsRowIsKnownInTime() {
    try (var producer = producer()) {
      for (int i = 0; i < 10; i++) {
        producer.send(task(Loans.approvals("moment-" + i)));
        producer.flush();
        producer.send(row("moment-" + i, "moment-row-" + i, ROW, Map.of()));
      }
    }
    read(TOPICS.requests(), record -> text(record.key()).startsWith("moment-row-"), 10);
  }

  private static PromptMessage example(ConsumerRecord<byte[], byte[]> record) {
    return Json.read(record.value(), PromptMessage.class);
  }
}
