package io.lift.formats.sink;

import io.lift.messages.PredictionMessage;
import java.util.List;
import org.apache.kafka.common.header.Header;

/** Writes predictions in one format. Used by one thread at a time. */
public interface PredictionWriter {

  /**
   * A prediction as the value of a record.
   *
   * @param id of this prediction; no other one has it
   */
  Written write(String id, PredictionMessage prediction);

  /**
   * What a prediction is written as.
   *
   * @param value of the record
   * @param headers that say how the value is written
   */
  record Written(byte[] value, List<Header> headers) {
    /** A value that needs no headers. */
    static Written of(byte[] value) {
      return new Written(value, List.of());
    }
  }
}
