package io.lift.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.broker.EmbeddedBroker;
import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit is worth something only if it finds faults. */
class DeliveryAuditIT {
  private static final Topics TOPICS = Topics.of("");
  private static final String TASK = "loans";
  private static final Origin ORIGIN = new Origin("lift.rows", 0, 0, 0);

  @TempDir private Path directory;

  @Test
  void booksThatBalanceHaveNoFaultsAndEachFaultIsFound() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
      Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrap());
      TopicAdmin.ensure(kafka, TOPICS.all());
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (String row : List.of("a", "b")) {
          send(producer, TOPICS.prompts().name(), TASK, prompt(row));
          send(producer, TOPICS.requests().name(), row, request(row));
          send(producer, TOPICS.predictions().name(), row, prediction(row));
        }
        checkpoint(producer, 1, new OffsetRange(0, 1));
        checkpoint(producer, 2, new OffsetRange(1, 2));
        checkpoint(producer, 3, 1, 1L, new OffsetRange(2, 2)); // a roll-back to version 1
        Map<String, Set<String>> sent = Map.of(TASK, Set.of("a", "b"));
        assertThat(audit(kafka, sent)).isEmpty();

        send(producer, TOPICS.predictions().name(), "a", prediction("a"));
        assertThat(audit(kafka, sent)).containsExactly("1 rows have more than one prediction");

        assertThat(audit(kafka, Map.of(TASK, Set.of("a", "b", "c"))))
            .contains(
                "1 rows have no prompt", "1 rows have no request", "1 rows have no prediction");

        send(producer, TOPICS.prompts().name(), TASK, prompt("never-sent"));
        assertThat(audit(kafka, sent))
            .contains("1 prompts belong to rows that were never sent")
            .anyMatch(fault -> fault.contains("offset 2") && fault.contains("in 0 checkpoints"));

        checkpoint(producer, 5, new OffsetRange(1, 3));
        checkpoint(producer, 5, 1, null, new OffsetRange(3, 3));
        assertThat(audit(kafka, sent))
            .anyMatch(fault -> fault.contains("version 5 and parent 4"))
            .anyMatch(fault -> fault.contains("version 5 and parent 1"))
            .anyMatch(fault -> fault.contains("does not go on where version"))
            .anyMatch(fault -> fault.contains("offset 1") && fault.contains("in 2 checkpoints"));
      }
    }
  }

  private static List<String> audit(Map<String, Object> kafka, Map<String, Set<String>> sent) {
    DeliveryAudit ledger = new DeliveryAudit(new KafkaConnection(kafka, TOPICS));
    ledger.audit(sent, sent);
    return ledger.faults();
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, String key, Object value)
      throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                topic,
                topic.equals(TOPICS.prompts().name()) ? 0 : null,
                HeaderValues.bytes(key),
                Json.write(value)))
        .get();
  }

  private static PromptMessage prompt(String row) {
    return new PromptMessage(TASK, 1, row, "x=1 ###", new int[0], "A@@@", "A", ORIGIN);
  }

  private static RequestMessage request(String row) {
    return new RequestMessage(TASK, 1, row, "x=1 ###", new int[0], ORIGIN);
  }

  private static PredictionMessage prediction(String row) {
    return new PredictionMessage(
        TASK, row, PredictionMessage.Status.ANSWERED, null, null, "hash", ORIGIN, null, null);
  }

  private static void checkpoint(
      KafkaProducer<byte[], byte[]> producer, long version, OffsetRange range) throws Exception {
    checkpoint(producer, version, version - 1, null, range);
  }

  private static void checkpoint(
      KafkaProducer<byte[], byte[]> producer,
      long version,
      long parent,
      Long restored,
      OffsetRange range)
      throws Exception {
    byte[] file = {(byte) version};
    CheckpointManifest manifest =
        new CheckpointManifest(
            TASK,
            version,
            parent,
            1,
            "hash",
            "base",
            CheckpointFiles.sha256(file),
            file.length,
            CheckpointFiles.write(producer, TOPICS, TASK, version, file),
            0,
            "test",
            0,
            0,
            Map.of(0, range),
            Map.of(0, 0L),
            1,
            range.to(),
            Map.of(),
            null,
            restored);
    send(producer, TOPICS.checkpointsLog().name(), TASK, manifest);
  }
}
