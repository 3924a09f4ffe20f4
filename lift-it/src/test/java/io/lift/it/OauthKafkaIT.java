package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.broker.BrokerSecurity;
import io.lift.broker.EmbeddedBroker;
import io.lift.cli.stack.Service;
import io.lift.kafka.OauthEndpoints;
import io.lift.testing.Console;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Kafka with TLS whose clients show tokens of an OAuth server; the broker checks them by JWKS.
 */
class OauthKafkaIT {
  private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  @TempDir private static Path directory;
  private static TokenServer tokens;
  private static BrokerSecurity security;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    tokens = new TokenServer();
    security = BrokerSecurity.create(directory.resolve("tls"), Map.of()).with(tokens.login());
    broker = EmbeddedBroker.start(directory.resolve("broker"), security);
  }

  @AfterAll
  static void stop() {
    broker.close();
    tokens.close();
    System.clearProperty(ALLOWED);
  }

  /** The commands run in this JVM, one after the other. */
  @BeforeEach
  void allowNothing() {
    System.clearProperty(ALLOWED);
  }

  @Test
  void rowsGoInAndPredictionsComeOutByConfigurationOnly() throws Exception {
    try (ConfiguredStack stack = new ConfiguredStack(file(tokens.client(), true), "oauth")) {
      stack.learnsAnswersAndGenerates(directory);
    }
  }

  @Test
  void aTokenServerThatIsNotAllowedIsOneSentenceThatSaysWhatToSet() throws Exception {
    Console console = ConfiguredStack.lift(file(tokens.client(), false), "task", "list");
    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err())
        .isEqualToIgnoringWhitespace(
            "lift: Kafka's clients may not fetch tokens from %1$s: set lift.oauth.allowed-urls=%1$s"
                .formatted(tokens.tokenUrl()));
  }

  @Test
  void aWrongSecretIsOneSentence() throws Exception {
    Console console = ConfiguredStack.lift(file(tokens.client("a guess"), true), "task", "list");
    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err())
        .hasLineCount(1)
        .startsWith(
            "lift: Kafka's client cannot log in with kafka.sasl.* (The response code 401 and")
        .contains("wrong secret")
        .doesNotContain("xception");
  }

  @Test
  void aServiceEndsWithTheSameSentences() throws Exception {
    String notAllowed =
        ConfiguredStack.run(
            Service.SERIALIZER, file(tokens.client(), false), directory.resolve("not-allowed"));
    assertThat(notAllowed.lines().filter(line -> line.contains(" ERROR ")))
        .singleElement()
        .asString()
        .endsWith("set lift.oauth.allowed-urls=" + tokens.tokenUrl());
    String wrong =
        ConfiguredStack.run(
            Service.TRAINER, file(tokens.client("a guess"), true), directory.resolve("wrong"));
    assertThat(wrong.lines().filter(line -> line.contains(" ERROR ")))
        .singleElement()
        .asString()
        .contains("Kafka's client cannot log in with kafka.sasl.* (", "wrong secret");
    assertThat(notAllowed + wrong).doesNotContain("\tat ").doesNotContain("Exception:");
  }

  private static Path file(Map<String, String> client, boolean allowed) throws Exception {
    Map<String, String> settings = new HashMap<>(client);
    settings.putAll(security.trust());
    settings.put("bootstrap.servers", broker.bootstrap());
    if (allowed) {
      settings.put(OauthEndpoints.URLS, tokens.tokenUrl());
    }
    return ConfiguredStack.write(directory.resolve("kafka.properties"), settings);
  }
}
