package io.lift.bench.load;

import io.lift.bench.measure.Processes;
import io.lift.bench.stream.CommittedReader;
import io.lift.cli.base.CliException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Measures how fast a process works off a backlog: the process is held (SIGSTOP), the backlog is
 * written, the process is released, and committed records on its output are counted.
 */
final class Backlog implements AutoCloseable {
  private static final long PATIENCE_NANOS = Duration.ofMinutes(4).toNanos();

  private final KafkaProducer<String, byte[]> producer;
  private final Map<String, Object> kafka;

  Backlog(Map<String, Object> kafka) {
    this.kafka = kafka;
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("linger.ms", 20);
    settings.put("batch.size", 1 << 18);
    this.producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  /**
   * @param pid the process
   * @param records its input
   * @param output a topic to which it writes one record for each input
   * @return records per second, from release to the last committed output
   */
  double recordsPerSecond(long pid, List<ProducerRecord<String, byte[]>> records, String output)
      throws IOException, InterruptedException {
    try (KafkaConsumer<String, byte[]> consumer = atEnd(output)) {
      Processes.hold(pid);
      records.forEach(producer::send);
      producer.flush();
      long started = System.nanoTime();
      Processes.release(pid);
      int seen = 0;
      while (seen < records.size()) {
        for (ConsumerRecord<String, byte[]> ignored : consumer.poll(Duration.ofMillis(50))) {
          seen++;
        }
        if (System.nanoTime() - started > PATIENCE_NANOS) {
          throw new CliException("%d of %d records came through %s.", seen, records.size(), output);
        }
      }
      return records.size() / ((System.nanoTime() - started) / 1e9);
    }
  }

  /** A committed reader of a topic that begins at its present end. */
  KafkaConsumer<String, byte[]> atEnd(String topic) {
    KafkaConsumer<String, byte[]> consumer = CommittedReader.open(kafka);
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    return consumer;
  }

  @Override
  public void close() {
    producer.close();
  }
}
