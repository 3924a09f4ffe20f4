package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.messages.HeaderValues;
import io.lift.messages.Topic;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BoundedConsumerIT {
  private static final TopicClient CLIENT = new TopicClient(TestKafka.shared());
  private static final int RECORDS = 60;
  private static final int VALUE = 1_000_000;

  @Test
  void aPollEndsBeforeWellCompressedValuesFillTheMemoryAndNoRecordIsLost() {
    Topic<byte[]> topic = CLIENT.create("compressed", byte[].class, 2);
    try (var producer =
        KafkaClients.producer(
            CLIENT.settings(), Map.of("compression.type", "zstd", "linger.ms", 50))) {
      for (int i = 0; i < RECORDS; i++) {
        byte[] value = new byte[VALUE];
        Arrays.fill(value, (byte) i);
        producer.send(new ProducerRecord<>(topic.name(), i % 2, HeaderValues.bytes("" + i), value));
      }
    }

    List<String> keys = new ArrayList<>();
    int polls = 0;
    try (var consumer = KafkaClients.reader(CLIENT.settings(), Map.of("max.poll.records", 2_000))) {
      consumer.assign(
          List.of(new TopicPartition(topic.name(), 0), new TopicPartition(topic.name(), 1)));
      while (keys.size() < RECORDS) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(10));
        int bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
          bytes += record.value().length;
          String key = HeaderValues.text(record.key());
          assertThat(record.value()).hasSize(VALUE).containsOnly(Byte.parseByte(key));
          keys.add(key);
        }
        polls++;
        assertThat(bytes).isLessThanOrEqualTo(BoundedConsumer.POLL_BYTES);
      }
    }

    assertThat(keys)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList());
    assertThat(polls).isGreaterThanOrEqualTo(RECORDS * VALUE / BoundedConsumer.POLL_BYTES);
  }
}
