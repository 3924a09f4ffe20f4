package io.lift.bench.load;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The peer of the serializer and the inference service: the shortest loop that a Kafka programmer
 * would write. It copies each record to its output topics, exactly once, one transaction per poll,
 * and does nothing else. Runs as a process of its own, as the services do.
 *
 * <p>Arguments: bootstrap, {@code max.poll.records}, {@code linger.ms}, bytes of each output value
 * (0: as the input), input topic, output topics.
 */
final class PlainLoop {
  private PlainLoop() {}

  public static void main(String[] args) {
    String bootstrap = args[0];
    int valueBytes = Integer.parseInt(args[3]);
    String input = args[4];
    List<String> outputs = List.of(args).subList(5, args.length);

    Map<String, Object> reading = new HashMap<>();
    reading.put("bootstrap.servers", bootstrap);
    reading.put("group.id", "plain-" + input);
    reading.put("auto.offset.reset", "earliest");
    reading.put("enable.auto.commit", false);
    reading.put("isolation.level", "read_committed");
    reading.put("max.poll.records", Integer.parseInt(args[1]));
    Map<String, Object> writing = new HashMap<>();
    writing.put("bootstrap.servers", bootstrap);
    writing.put("transactional.id", "plain-" + input);
    writing.put("linger.ms", Integer.parseInt(args[2]));

    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      consumer.subscribe(List.of(input));
      while (!Thread.currentThread().isInterrupted()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
        if (records.isEmpty()) {
          continue;
        }
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          byte[] value = valueBytes == 0 ? record.value() : new byte[valueBytes];
          for (String output : outputs) {
            producer.send(new ProducerRecord<>(output, record.key(), value));
          }
          offsets.put(
              new TopicPartition(record.topic(), record.partition()),
              new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
      }
    }
  }
}
