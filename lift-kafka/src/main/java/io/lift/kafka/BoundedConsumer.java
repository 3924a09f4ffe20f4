package io.lift.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer whose polls return bounded memory, however well the records are compressed. Of a value
 * that is larger than any record of Lift it reads the beginning alone, see {@link BoundedBytes}. A
 * poll ends early where its values would together have more than {@value #POLL_BYTES} bytes; the
 * next one goes on there.
 */
public final class BoundedConsumer extends KafkaConsumer<byte[], byte[]> {
  /** Most bytes of the values of one poll, unless one value alone has more. */
  public static final int POLL_BYTES = 16 * 1024 * 1024;

  private final BoundedBytes values;

  /**
   * @param settings of the consumer
   */
  public BoundedConsumer(Map<String, Object> settings) {
    this(settings, new BoundedBytes(POLL_BYTES));
  }

  private BoundedConsumer(Map<String, Object> settings, BoundedBytes values) {
    super(settings, new ByteArrayDeserializer(), values);
    this.values = values;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    values.beginPoll();
    return super.poll(timeout);
  }
}
