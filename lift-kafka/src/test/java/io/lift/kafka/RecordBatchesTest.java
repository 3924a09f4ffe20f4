package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class RecordBatchesTest {
  private static final TopicPartition FIRST = new TopicPartition("rows", 0);
  private static final TopicPartition SECOND = new TopicPartition("rows", 1);

  @Test
  void halvesHaveAllRecordsInOrderAndOffsetsThatFollowThem() {
    var batch = batch(3, 4);
    var halves = RecordBatches.halves(batch);

    assertThat(halves).extracting(ConsumerRecords::count).containsExactly(3, 4);
    Map<TopicPartition, List<Long>> offsets = new TreeMap<>(this::compare);
    Map<TopicPartition, Long> next = new TreeMap<>(this::compare);
    for (var half : halves) {
      for (var record : half) {
        offsets
            .computeIfAbsent(
                new TopicPartition(record.topic(), record.partition()), p -> new ArrayList<>())
            .add(record.offset());
      }
      half.nextOffsets().forEach((partition, offset) -> next.put(partition, offset.offset()));
      half.nextOffsets()
          .forEach(
              (partition, offset) ->
                  assertThat(half.records(partition))
                      .allMatch(record -> record.offset() < offset.offset()));
    }
    assertThat(offsets).containsEntry(FIRST, List.of(0L, 1L, 2L));
    assertThat(offsets).containsEntry(SECOND, List.of(0L, 1L, 2L, 3L));
    // 10 and 20 are behind markers of transactions, which have offsets and are no records
    assertThat(next).containsEntry(FIRST, 10L).containsEntry(SECOND, 20L);
  }

  @Test
  void aPartitionThatIsDividedContinuesAtTheRecordAfterTheCut() {
    var halves = RecordBatches.halves(batch(5, 0));
    assertThat(halves.get(0).nextOffsets().get(FIRST).offset()).isEqualTo(2);
    assertThat(halves.get(1).nextOffsets().get(FIRST).offset()).isEqualTo(10);
  }

  @Test
  void onlyWhatTheBrokerOrTheHandlerSaysOfARecordIsItsFault() {
    assertThat(isFault(new KafkaException("error state", new RecordTooLargeException("large"))))
        .isTrue();
    assertThat(isFault(new IllegalStateException("a bug"))).isTrue();
    assertThat(isFault(new TimeoutException("no answer"))).isFalse();
    assertThat(isFault(new ProducerFencedException("fenced"))).isFalse();
    assertThat(isFault(new TopicAuthorizationException("no right"))).isFalse();
    assertThat(isFault(new IllegalStateException("of Kafka", new KafkaException("closed"))))
        .isFalse();
    assertThat(isFault(new IOException("tasks cannot be read"))).isFalse();
    assertThat(isFault(new InterruptedException())).isFalse();
  }

  @Test
  void theCauseThatIsToldIsTheInnermostOfKafkas() {
    var root = new RecordTooLargeException("large");
    assertThat(RecordBatches.rootOf(new KafkaException("error state", root))).isSameAs(root);
    var own = new IllegalStateException("a bug");
    assertThat(RecordBatches.rootOf(own)).isSameAs(own);
  }

  private static boolean isFault(Exception failure) {
    return RecordBatches.isRecordsFault(failure);
  }

  private int compare(TopicPartition a, TopicPartition b) {
    return Integer.compare(a.partition(), b.partition());
  }

  private static ConsumerRecords<byte[], byte[]> batch(int first, int second) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records =
        new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
    Map<TopicPartition, OffsetAndMetadata> next =
        new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
    put(records, FIRST, first);
    put(records, SECOND, second);
    next.put(FIRST, new OffsetAndMetadata(10));
    next.put(SECOND, new OffsetAndMetadata(20));
    return new ConsumerRecords<>(records, next);
  }

  private static void put(
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records,
      TopicPartition partition,
      int count) {
    if (count > 0) {
      records.put(
          partition,
          IntStream.range(0, count)
              .mapToObj(
                  i ->
                      new ConsumerRecord<byte[], byte[]>(
                          partition.topic(), partition.partition(), i, null, new byte[0]))
              .toList());
    }
  }
}
