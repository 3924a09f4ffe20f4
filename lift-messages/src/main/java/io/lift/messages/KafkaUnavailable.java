package io.lift.messages;

/** Kafka does not answer, or refuses. The message is one sentence for the operator. */
public final class KafkaUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KafkaUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
