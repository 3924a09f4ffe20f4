package io.lift.kafka;

/** Kafka does not answer or rejects the client. The message is one sentence for the operator. */
public final class KafkaUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KafkaUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
