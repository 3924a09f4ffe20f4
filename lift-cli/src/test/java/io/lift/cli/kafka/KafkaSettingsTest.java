package io.lift.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.cli.CliError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {
  @TempDir private Path directory;

  @Test
  void aConfigFileGoesToOurClientsAndToTheServices() throws IOException {
    Path file = directory.resolve("tls.properties");
    Files.writeString(file, "security.protocol=SSL\nssl.truststore.location=/trust\n");

    KafkaSettings settings = KafkaSettings.of("kafka:9093", file);

    assertThat(settings.client())
        .containsEntry("bootstrap.servers", "kafka:9093")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("ssl.truststore.location", "/trust");
    assertThat(settings.serviceProperties())
        .containsEntry("kafka.bootstrap.servers", "kafka:9093")
        .containsEntry("kafka.security.protocol", "SSL");
  }

  @Test
  void settingsOfLiftStandInTheSameFileAndReachTheServicesAsTheyAre() throws IOException {
    Path file = Files.writeString(directory.resolve("k"), "lift.topics.prefix=teamA.\n");

    KafkaSettings settings = KafkaSettings.of("kafka:9093", file);

    assertThat(settings.serviceProperties())
        .containsEntry("lift.topics.prefix", "teamA.")
        .containsEntry("kafka.bootstrap.servers", "kafka:9093");
    Path written = directory.resolve("written");
    try (var out = Files.newOutputStream(written)) {
      settings.serviceProperties().store(out, null);
    }
    assertThat(KafkaSettings.fromServiceProperties(written)).isEqualTo(settings);
  }

  @Test
  void theFileMayNameTheBroker() throws IOException {
    Path file = Files.writeString(directory.resolve("k"), "bootstrap.servers=a:1,b:2\n");

    assertThat(KafkaSettings.of(null, file).bootstrap()).isEqualTo("a:1,b:2");
    assertThat(KafkaSettings.of("c:3", file).bootstrap()).isEqualTo("c:3");
  }

  @Test
  void anAddressWithoutPortIsRefused() {
    assertThatThrownBy(() -> KafkaSettings.of("localhost", null))
        .isInstanceOf(CliError.class)
        .hasMessageContaining("HOST:PORT");
  }

  @Test
  void anAbsentFileIsNamed() {
    assertThatThrownBy(() -> KafkaSettings.of("a:1", directory.resolve("no.properties")))
        .isInstanceOf(CliError.class)
        .hasMessageContaining("no.properties");
  }
}
