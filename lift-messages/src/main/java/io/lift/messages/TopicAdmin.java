package io.lift.messages;

import java.util.Collection;
import java.util.Map;

/** Creates the topics that do not exist yet. */
public final class TopicAdmin {
  private TopicAdmin() {}

  /**
   * Creates what is missing, with the broker's default replication; leaves existing topics alone.
   * Safe to call from many services at once.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @throws KafkaUnavailable if no broker answers within 30 s; the message says what to do
   */
  public static void ensure(Map<String, Object> kafka, Collection<Topic<?>> topics) {
    throw new UnsupportedOperationException();
  }
}
