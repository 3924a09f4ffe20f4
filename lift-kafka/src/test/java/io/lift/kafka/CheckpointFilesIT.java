package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Topics;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CheckpointFilesIT {
  private static final TopicClient CLIENT = new TopicClient(TestKafka.shared());
  private static final Topics TOPICS = Topics.of("");
  private static final KafkaConnection KAFKA = new KafkaConnection(CLIENT.settings(), TOPICS);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(2);

  @BeforeAll
  static void topics() {
    TopicAdmin.ensure(CLIENT.settings(), TOPICS.all());
  }

  @Test
  void filesOfAnySizeComeBackEvenWhenTheirChunksAreInterleaved() throws Exception {
    try (var producer = producer("checkpoints-sizes")) {
      for (int size : new int[] {0, 1, Topics.MAX_CHUNK_BYTES, 3 * Topics.MAX_CHUNK_BYTES + 7}) {
        byte[] file = bytes(size);
        producer.beginTransaction();
        producer.send(chunk("stranger/1/0"));
        var location = CheckpointFiles.write(producer, TOPICS, "task", size, file);
        producer.send(chunk("stranger/1/1"));
        producer.commitTransaction();

        var manifest = manifest(size, file, location);
        assertThat(CheckpointFiles.read(KAFKA, manifest, LIMIT)).isEqualTo(file);
      }
    }
  }

  @Test
  void anAbortedFileCannotBeRead() throws Exception {
    byte[] file = bytes(10);
    try (var producer = producer("checkpoints-aborted")) {
      producer.beginTransaction();
      var location = CheckpointFiles.write(producer, TOPICS, "aborted", 1, file);
      producer.abortTransaction();
      var manifest = manifest("aborted", 1, file.length, CheckpointFiles.sha256(file), location);
      assertThatThrownBy(() -> CheckpointFiles.read(KAFKA, manifest, SHORT))
          .isInstanceOf(IOException.class)
          .hasMessage("Checkpoint 1 of task aborted cannot be read: chunk 0 of 1 is missing");
    }
  }

  @Test
  void aFileThatIsNotTheOneOfTheManifestIsRefused() throws Exception {
    byte[] file = bytes(10);
    try (var producer = producer("checkpoints-damaged")) {
      producer.beginTransaction();
      var location = CheckpointFiles.write(producer, TOPICS, "damaged", 7, file);
      producer.commitTransaction();
      var other = manifest("damaged", 7, 10, CheckpointFiles.sha256(bytes(11)), location);
      assertThatThrownBy(() -> CheckpointFiles.read(KAFKA, other, LIMIT))
          .hasMessage(
              "Checkpoint 7 of task damaged cannot be read: its sha256 is not that of the"
                  + " manifest");
      var longer = manifest("damaged", 7, 11, CheckpointFiles.sha256(file), location);
      assertThatThrownBy(() -> CheckpointFiles.read(KAFKA, longer, LIMIT))
          .hasMessage("Checkpoint 7 of task damaged cannot be read: it has 10 bytes, not 11");
      var beyond = new CheckpointManifest.Location(location.partition(), 1_000_000, 1);
      var lost = manifest("damaged", 7, 10, CheckpointFiles.sha256(file), beyond);
      assertThatThrownBy(() -> CheckpointFiles.read(KAFKA, lost, LIMIT))
          .hasMessage(
              "Checkpoint 7 of task damaged cannot be read: its chunks are no longer on the topic");
    }
  }

  @Test
  void theHashIsThatOfTheStandard() {
    assertThat(CheckpointFiles.sha256(HeaderValues.bytes("abc")))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  private static ProducerRecord<byte[], byte[]> chunk(String key) {
    return new ProducerRecord<>(
        TOPICS.checkpointChunks().name(), 0, HeaderValues.bytes(key), new byte[3]);
  }

  private static KafkaProducer<byte[], byte[]> producer(String id) {
    var producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                CLIENT.settings().get("bootstrap.servers"),
                "transactional.id",
                id),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static CheckpointManifest manifest(
      long version, byte[] file, CheckpointManifest.Location location) {
    return manifest("task", version, file.length, CheckpointFiles.sha256(file), location);
  }

  private static CheckpointManifest manifest(
      String task, long version, long size, String sha, CheckpointManifest.Location location) {
    return new CheckpointManifest(
        task, version, 0, 1, "hash", "base", sha, size, location, 0, "test", 0, 0, Map.of(),
        Map.of(), 0, 0, Map.of(), null, null);
  }
}
