package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the keys of a task's rows are. A key is the id of its row. */
public enum KeyType {
  /** UTF-8 text without control characters. */
  @JsonProperty("text")
  TEXT,

  /** A whole number of 8 bytes, big-endian, as Kafka's {@code LongSerializer} writes it. */
  @JsonProperty("long")
  LONG,

  /** A whole number of 4 bytes, big-endian, as Kafka's {@code IntegerSerializer} writes it. */
  @JsonProperty("int")
  INT
}
