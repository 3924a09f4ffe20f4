package io.lift.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses ports of the loopback interface for servers that are to listen on the same port after a
 * restart. Systems give outgoing connections ports of their own choice, from 32768 on or higher; a
 * server whose port is one of those may find it taken.
 */
public final class FreePort {
  private static final int FIRST = 15_000;
  private static final int LAST = 31_999;
  private static final int ATTEMPTS = 1_000;

  private FreePort() {}

  /**
   * A port on which nothing listens now.
   *
   * @throws IOException if none was found
   */
  public static int choose() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException(
        "Found no free port of %s from %d to %d: stop what listens there."
            .formatted(EmbeddedBroker.HOST, FIRST, LAST));
  }

  /** Whether nothing listens on a port now. */
  static boolean isFree(int port) {
    try (ServerSocket socket =
        new ServerSocket(port, 1, InetAddress.getByName(EmbeddedBroker.HOST))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
