package io.lift.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerIT {
  @TempDir Path directory;

  @Test
  void committedRecordsAreThereAfterARestartAndAbortedOnesAreNot() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
      createTopic(broker, "words");
      try (var producer = transactionalProducer(broker)) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("words", "kept"));
        producer.commitTransaction();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("words", "dropped")).get();
        producer.abortTransaction();
      }
      assertThat(committed(broker, "words")).containsExactly("kept");
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
      assertThat(committed(broker, "words")).containsExactly("kept");
    }
  }

  @Test
  void committedRecordsAreThereAfterItWasKilledAndWhatWasOpenIsAborted() throws Exception {
    EmbeddedBroker killed = EmbeddedBroker.start(directory, 0);
    createTopic(killed, "words");
    KafkaProducer<String, String> producer = transactionalProducer(killed);
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>("words", "kept"));
    producer.commitTransaction();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>("words", "dropped")).get();
    ProcessHandle process = ProcessHandle.of(killed.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
    producer.close(Duration.ZERO);

    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
        var next = transactionalProducer(broker)) {
      next.initTransactions();
      next.beginTransaction();
      next.send(new ProducerRecord<>("words", "next"));
      next.commitTransaction();
      assertThat(committed(broker, "words")).containsExactly("kept", "next");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void recordsOfEveryCodecAndEveryKindOfProducerAreRead(String codec) throws Exception {
    List<String> sent = new ArrayList<>();
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
      createTopic(broker, "words");
      for (Map<String, Object> kind :
          List.<Map<String, Object>>of(
              Map.of("acks", "1", "enable.idempotence", false),
              Map.of("acks", "all", "enable.idempotence", true),
              Map.of("acks", "all", "transactional.id", "test"),
              Map.of("acks", "0", "enable.idempotence", false))) {
        Map<String, Object> settings = new HashMap<>(kind);
        settings.put("bootstrap.servers", broker.bootstrap());
        settings.put("compression.type", codec);
        boolean transactional = kind.containsKey("transactional.id");
        try (var producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
          if (transactional) {
            producer.initTransactions();
            producer.beginTransaction();
          }
          for (int i = 0; i < 20; i++) {
            String word = "a word that is said again and again " + sent.size();
            producer.send(new ProducerRecord<>("words", word));
            sent.add(word);
          }
          if (transactional) {
            producer.commitTransaction();
          }
        }
      }
      List<String> read = committed(broker, "words");
      for (int i = 0; i < 100 && read.size() < sent.size(); i++) {
        Thread.sleep(100); // the last ones were sent without waiting for the broker
        read = committed(broker, "words");
      }
      assertThat(read).containsExactlyElementsOf(sent);
    }
  }

  @Test
  void aTakenPortIsSaidInOneSentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Port %d of 127.0.0.1 is taken: stop what listens there or choose another port.",
              taken.getLocalPort());
    }
  }

  @Test
  void closingEndsTheProcess() throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
    ProcessHandle process = ProcessHandle.of(broker.pid()).orElseThrow();
    broker.close();
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void itEndsWhenTheProcessThatStartedItIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long pid = Long.parseLong(parent.inputReader().readLine());
    ProcessHandle broker = ProcessHandle.of(pid).orElseThrow();
    parent.destroyForcibly().waitFor();
    broker.onExit().get(30, TimeUnit.SECONDS);
    assertThat(broker.isAlive()).isFalse();
  }

  /** Starts a broker, prints its process id and sleeps. */
  public static final class Parent {
    public static void main(String[] args) throws Exception {
      EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), 0);
      System.out.println(broker.pid());
      Thread.sleep(Duration.ofMinutes(1).toMillis());
    }
  }

  private static void createTopic(EmbeddedBroker broker, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  private static KafkaProducer<String, String> transactionalProducer(EmbeddedBroker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "test"),
        new StringSerializer(),
        new StringSerializer());
  }

  private static List<String> committed(EmbeddedBroker broker, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<String> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
