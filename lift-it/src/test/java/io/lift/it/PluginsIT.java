package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.broker.BrokerSecurity;
import io.lift.broker.EmbeddedBroker;
import io.lift.it.Program.Output;
import io.lift.kafka.KafkaClients;
import io.lift.messages.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A login module and an interceptor in a jar that an operator has put into the folder. */
class PluginsIT {
  private static final String LOGIN =
      """
      package org.example.plugin;

      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.util.Map;
      import javax.security.auth.Subject;
      import javax.security.auth.callback.CallbackHandler;
      import javax.security.auth.login.LoginException;
      import javax.security.auth.spi.LoginModule;
      import org.apache.kafka.common.security.scram.internals.ScramSaslClientProvider;

      /** Reads the password from a file. */
      public final class PasswordFile implements LoginModule {
        static {
          ScramSaslClientProvider.initialize();
        }

        public void initialize(
            Subject subject, CallbackHandler handler, Map<String, ?> state, Map<String, ?> options) {
          try {
            subject.getPublicCredentials().add(options.get("user"));
            subject
                .getPrivateCredentials()
                .add(Files.readString(Path.of((String) options.get("file"))));
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        }

        public boolean login() throws LoginException {
          return true;
        }

        public boolean commit() {
          return true;
        }

        public boolean abort() {
          return false;
        }

        public boolean logout() {
          return true;
        }
      }
      """;
  private static final String INTERCEPTOR =
      """
      package org.example.plugin;

      import java.util.Map;
      import org.apache.kafka.clients.consumer.ConsumerInterceptor;
      import org.apache.kafka.clients.consumer.ConsumerRecords;
      import org.apache.kafka.clients.consumer.OffsetAndMetadata;
      import org.apache.kafka.clients.producer.ProducerInterceptor;
      import org.apache.kafka.clients.producer.ProducerRecord;
      import org.apache.kafka.clients.producer.RecordMetadata;
      import org.apache.kafka.common.TopicPartition;

      /** Marks what is sent. */
      public final class Mark
          implements ProducerInterceptor<Object, Object>, ConsumerInterceptor<Object, Object> {
        public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
          record.headers().add("marked", new byte[0]);
          return record;
        }

        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
          return records;
        }

        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        public void close() {}

        public void configure(Map<String, ?> settings) {}
      }
      """;

  @TempDir private Path directory;

  @Test
  void classesOfAJarInTheFolderAreUsedByTheCommandAndByEveryService() throws Exception {
    Installation installation = new Installation(directory, Map.of());
    BrokerSecurity security = BrokerSecurity.create(directory.resolve("tls"), Map.of());
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), security)) {
      Path file = settings(security, broker);
      Output missing = installation.lift("task", "list", "--kafka-config", file.toString());
      assertThat(missing.code()).isEqualTo(1);
      assertThat(missing.text())
          .hasLineCount(1)
          .contains("No LoginModule found for org.example.plugin.PasswordFile")
          .contains("put its jar into the folder plugins");

      Path sources = Files.createDirectories(directory.resolve("sources"));
      Files.writeString(sources.resolve("PasswordFile.java"), LOGIN);
      Files.writeString(sources.resolve("Mark.java"), INTERCEPTOR);
      installation.plugin("example.jar", sources);
      try {
        installation.learnsAndAnswers(file, directory);

        Map<String, Object> admin = new HashMap<>(security.client(BrokerSecurity.ADMIN));
        admin.put("bootstrap.servers", broker.bootstrap());
        Topics topics = Topics.of("");
        for (var topic :
            List.of(
                topics.rows(), // sent by the command, and the others by the services
                topics.prompts(),
                topics.checkpoints(),
                topics.predictions(),
                topics.metrics())) {
          Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> marked(admin, topic.name()));
        }
      } finally {
        installation.lift("down");
      }
    }
  }

  private Path settings(BrokerSecurity security, EmbeddedBroker broker) throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "may do everything");
    Map<String, String> settings = new HashMap<>(security.client(BrokerSecurity.ADMIN));
    settings.put(
        "sasl.jaas.config",
        "org.example.plugin.PasswordFile required user=\"%s\" file=\"%s\";"
            .formatted(BrokerSecurity.ADMIN, password));
    settings.put("interceptor.classes", "org.example.plugin.Mark");
    settings.put("bootstrap.servers", broker.bootstrap());
    return ConfiguredStack.write(directory.resolve("kafka.properties"), settings);
  }

  /** Whether a topic has records, all of them with the interceptor's mark. */
  private static boolean marked(Map<String, Object> admin, String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = KafkaClients.reader(admin, Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      consumer.poll(Duration.ofSeconds(5)).forEach(records::add);
    }
    assertThat(records).allMatch(record -> record.headers().lastHeader("marked") != null);
    return !records.isEmpty();
  }
}
