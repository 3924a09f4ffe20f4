package io.lift.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.common.config.ConfigException;

/**
 * Finds out whether a broker accepts connections. A Kafka client that meets a closed port fills the
 * log with warnings; this does not.
 */
public final class BrokerProbe {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final long PAUSE_MILLIS = 250;

  private BrokerProbe() {}

  /**
   * Waits until one of the bootstrap servers accepts connections.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @throws KafkaUnavailableException if none does in time; the message says what to do
   */
  public static void await(Map<String, Object> kafka, Duration timeout) {
    Object servers = kafka.get("bootstrap.servers");
    if (servers == null) {
      throw new KafkaUnavailableException(
          "kafka.bootstrap.servers is not set: set it to HOST:PORT", null);
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        probe(servers);
        return;
      } catch (IOException | ConfigException e) {
        if (System.nanoTime() >= deadline) {
          throw unavailable(servers, e);
        }
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unavailable(servers, e);
      }
    }
  }

  private static void probe(Object servers) throws IOException {
    List<String> urls =
        servers instanceof Collection<?> list
            ? list.stream().map(Object::toString).toList()
            : List.of(servers.toString().trim().split("\\s*,\\s*"));
    IOException last = null;
    for (InetSocketAddress address :
        ClientUtils.parseAndValidateAddresses(urls, "use_all_dns_ips")) {
      try (Socket socket = new Socket()) {
        socket.connect(address, (int) CONNECT.toMillis());
        return;
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  private static KafkaUnavailableException unavailable(Object servers, Throwable cause) {
    return new KafkaUnavailableException(
        "No Kafka broker answers at "
            + servers
            + ": start one (./lift up) or set kafka.bootstrap.servers",
        cause);
  }
}
