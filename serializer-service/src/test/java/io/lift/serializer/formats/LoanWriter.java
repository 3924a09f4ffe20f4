package io.lift.serializer.formats;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes the rows of the loans table in a format, with a library that is not Lift's. */
@FunctionalInterface
public interface LoanWriter {
  /**
   * A record with a row.
   *
   * @param number of the row, from 0 on
   */
  ProducerRecord<byte[], byte[]> write(String topic, int number, Map<String, Object> row)
      throws Exception;
}
