package io.lift.evaluator;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Tells the {@link StreamsProgress} what the consumer of the streams reads. */
public final class ReadRecords implements ConsumerInterceptor<byte[], byte[]> {
  /** Setting of the consumer that holds the {@link StreamsProgress}. */
  static final String PROGRESS = "lift.evaluator.progress";

  private StreamsProgress progress;

  @Override
  public void configure(Map<String, ?> settings) {
    progress = (StreamsProgress) settings.get(PROGRESS);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> read = records.records(partition);
      progress.read(partition, read.get(0).offset(), read.get(read.size() - 1).offset());
    }
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
