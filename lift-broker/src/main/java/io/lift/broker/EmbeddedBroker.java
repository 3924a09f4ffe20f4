package io.lift.broker;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A real Apache Kafka broker (KRaft, one node) in a JVM of its own, listening on loopback only. Its
 * classpath is that of this JVM.
 */
public final class EmbeddedBroker implements AutoCloseable {

  /**
   * Formats the directory if it is new, starts the broker and waits until it answers.
   *
   * @param directory where log segments, properties and the broker's own log file go
   * @param port 0 for any free port
   * @throws IOException if it does not come up; the message says why and where its log is
   */
  public static EmbeddedBroker start(Path directory, int port) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** {@code 127.0.0.1:port}. */
  public String bootstrap() {
    throw new UnsupportedOperationException();
  }

  public long pid() {
    throw new UnsupportedOperationException();
  }

  /** Ends the process: first kindly, after 10 s by force. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
