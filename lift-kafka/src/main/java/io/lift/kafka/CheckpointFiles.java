package io.lift.kafka;

import static io.lift.messages.HeaderValues.bytes;

import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Writes and reads checkpoint files as chunks on {@link Topics#checkpointChunks()}. Version {@code
 * v} of a task uses the keys of slot {@code v} modulo {@link #KEPT_VERSIONS}. The topic is
 * compacted, so the newest versions stay readable and older ones are removed.
 */
public final class CheckpointFiles {
  /** How many of a task's newest versions can always be read. */
  public static final int KEPT_VERSIONS = 16;

  private static final Duration POLL = Duration.ofMillis(200);

  private CheckpointFiles() {}

  /**
   * Sends a file in chunks to one partition and waits until the broker has them. In a transaction,
   * they become readable when it commits.
   *
   * @param producer used by this call alone until it returns
   * @param topics names the topic of the chunks
   * @return where the chunks are, for the manifest
   * @throws KafkaException if the broker rejects a chunk
   */
  public static CheckpointManifest.Location write(
      Producer<byte[], byte[]> producer, Topics topics, String task, long version, byte[] file)
      throws InterruptedException {
    String topic = topics.checkpointChunks().name();
    int partition =
        Utils.toPositive(Utils.murmur2(bytes(task))) % producer.partitionsFor(topic).size();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    int most = topics.maxChunkBytes();
    for (int from = 0; from == 0 || from < file.length; from += most) {
      byte[] chunk = Arrays.copyOfRange(file, from, Math.min(file.length, from + most));
      String key = key(task, version, sent.size());
      sent.add(producer.send(new ProducerRecord<>(topic, partition, bytes(key), chunk)));
    }
    producer.flush();
    try {
      for (Future<RecordMetadata> chunk : sent) {
        chunk.get();
      }
      return new CheckpointManifest.Location(partition, sent.get(0).get().offset(), sent.size());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException rejected
          ? rejected
          : new KafkaException(e.getCause());
    }
  }

  /**
   * Reads the file of a manifest back and checks its size and sha256.
   *
   * @throws IOException if a chunk is missing or the hash differs; the message names task, version
   *     and cause
   */
  public static byte[] read(KafkaConnection kafka, CheckpointManifest manifest, Duration timeout)
      throws IOException {
    byte[] file;
    try {
      file = chunks(kafka, manifest, timeout);
    } catch (OffsetOutOfRangeException e) {
      throw gone(manifest, e);
    } catch (KafkaException e) {
      throw failed(manifest, e.getMessage(), e);
    }
    if (file.length != manifest.size()) {
      throw failed(manifest, "it has " + file.length + " bytes, not " + manifest.size(), null);
    }
    if (!sha256(file).equals(manifest.sha256())) {
      throw failed(manifest, "its sha256 is not that of the manifest", null);
    }
    return file;
  }

  private static byte[] chunks(KafkaConnection kafka, CheckpointManifest manifest, Duration timeout)
      throws IOException {
    CheckpointManifest.Location location = manifest.location();
    TopicPartition partition =
        new TopicPartition(kafka.topics().checkpointChunks().name(), location.partition());
    List<byte[]> chunks = new ArrayList<>();
    long deadline = System.nanoTime() + timeout.toNanos();
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            8 * Topics.MAX_CHUNK_BYTES);
    try (Consumer<byte[], byte[]> consumer = KafkaClients.reader(kafka.settings(), settings)) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, location.firstOffset());
      while (chunks.size() < location.chunks()) {
        // the transaction's end may reach this partition a little later than the manifest's
        if (System.nanoTime() > deadline) {
          throw failed(
              manifest,
              "chunk " + chunks.size() + " of " + location.chunks() + " is missing",
              null);
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (chunks.isEmpty() && record.offset() != location.firstOffset()) {
            throw gone(manifest, null);
          }
          String expected = key(manifest.task(), manifest.version(), chunks.size());
          if (chunks.size() < location.chunks()
              && expected.equals(HeaderValues.text(record.key()))) {
            chunks.add(record.value());
          }
        }
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream((int) manifest.size());
    for (byte[] chunk : chunks) {
      file.write(chunk);
    }
    return file.toByteArray();
  }

  private static String key(String task, long version, int index) {
    return task + "/" + version % KEPT_VERSIONS + "/" + index;
  }

  private static IOException gone(CheckpointManifest manifest, Exception cause) {
    return failed(manifest, "its chunks are no longer on the topic", cause);
  }

  private static IOException failed(CheckpointManifest manifest, String why, Exception cause) {
    return new IOException(
        "Checkpoint %d of task %s cannot be read: %s"
            .formatted(manifest.version(), manifest.task(), why),
        cause);
  }

  /** The sha256 of a file, in hex. */
  public static String sha256(byte[] file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
