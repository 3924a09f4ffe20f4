package io.lift.kafka;

import io.lift.messages.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Plain Kafka clients over bytes, from the settings that all clients of a service share. Consumers
 * see committed records only and do not commit on their own.
 */
public final class KafkaClients {
  private static final Duration KNOCK_LIMIT = Duration.ofSeconds(2);
  private static final long KNOCK_PAUSE_MILLIS = 250;

  private KafkaClients() {}

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param settings this consumer's own; they win
   */
  public static KafkaConsumer<byte[], byte[]> consumer(
      Map<String, Object> kafka, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(kafka);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.putIfAbsent(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000);
    all.putAll(settings);
    all.values().removeIf(value -> value == null);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * A consumer that belongs to no group.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   */
  public static KafkaConsumer<byte[], byte[]> reader(
      Map<String, Object> kafka, Map<String, Object> settings) {
    Map<String, Object> ungrouped = new HashMap<>(settings);
    ungrouped.put(ConsumerConfig.GROUP_ID_CONFIG, null);
    return consumer(kafka, ungrouped);
  }

  /**
   * An idempotent producer for records up to {@link Topics#MAX_RECORD_BYTES}.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param settings this producer's own; they win
   */
  public static KafkaProducer<byte[], byte[]> producer(
      Map<String, Object> kafka, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(kafka);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES + 64 * 1024);
    all.putIfAbsent(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000);
    all.putAll(settings);
    all.values().removeIf(value -> value == null);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Waits until one of the bootstrap servers accepts connections. A client that meets a closed port
   * fills the log with warnings; this does not.
   *
   * @throws KafkaUnavailableException if none does in time; the message says what to do
   */
  public static void awaitBroker(Map<String, Object> kafka, Duration timeout) {
    Object servers = kafka.get("bootstrap.servers");
    if (servers == null) {
      throw new KafkaUnavailableException(
          "kafka.bootstrap.servers is not set: set it to HOST:PORT", null);
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        knock(servers);
        return;
      } catch (IOException | ConfigException e) {
        if (System.nanoTime() >= deadline) {
          throw unavailable(kafka, e);
        }
      }
      try {
        Thread.sleep(KNOCK_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unavailable(kafka, e);
      }
    }
  }

  private static KafkaUnavailableException unavailable(Map<String, Object> kafka, Throwable cause) {
    return new KafkaUnavailableException(
        "No Kafka broker answers at "
            + kafka.get("bootstrap.servers")
            + ": start one (./lift up) or set kafka.bootstrap.servers",
        cause);
  }

  /**
   * What an operator can do about a failure of a Kafka client.
   *
   * @param kafka the client's settings
   */
  public static KafkaUnavailableException translated(Map<String, Object> kafka, Throwable failure) {
    Throwable root = failure;
    Throwable known = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
      if (cause instanceof ApiException) {
        known = cause;
      }
    }
    String at = "Kafka at " + kafka.get("bootstrap.servers");
    String sentence;
    if (known instanceof SslAuthenticationException) {
      sentence =
          at
              + " and this client do not trust one another ("
              + root.getMessage()
              + "): check kafka.ssl.truststore.location and kafka.ssl.keystore.location";
    } else if (known instanceof AuthenticationException) {
      sentence =
          at
              + " refuses these credentials ("
              + known.getMessage()
              + "): check kafka.sasl.mechanism and kafka.sasl.jaas.config";
    } else if (known instanceof AuthorizationException) {
      sentence =
          at
              + " does not grant this user what is needed ("
              + known.getMessage()
              + "): add the ACL (docs/operations.md lists them all)";
    } else if (known instanceof TimeoutException) {
      sentence =
          at
              + " does not answer as Kafka does: check kafka.bootstrap.servers and"
              + " kafka.security.protocol (is "
              + kafka.getOrDefault("security.protocol", "PLAINTEXT")
              + ")";
    } else if (known instanceof ApiException) {
      sentence = at + " says: " + known.getMessage();
    } else {
      sentence = "Kafka's settings cannot be used: " + root.getMessage();
    }
    return new KafkaUnavailableException(sentence, failure);
  }

  private static void knock(Object servers) throws IOException {
    List<String> urls =
        servers instanceof Collection<?> list
            ? list.stream().map(Object::toString).toList()
            : List.of(servers.toString().trim().split("\\s*,\\s*"));
    IOException last = null;
    for (InetSocketAddress address :
        ClientUtils.parseAndValidateAddresses(urls, "use_all_dns_ips")) {
      try (Socket socket = new Socket()) {
        socket.connect(address, (int) KNOCK_LIMIT.toMillis());
        return;
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }
}
