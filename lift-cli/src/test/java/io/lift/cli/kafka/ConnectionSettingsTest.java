package io.lift.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.cli.base.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionSettingsTest {
  @TempDir private Path directory;

  @Test
  void aConfigFileGoesToOurClientsAndToTheServices() throws IOException {
    Path file = directory.resolve("tls.properties");
    Files.writeString(file, "security.protocol=SSL\nssl.truststore.location=/trust\n");

    ConnectionSettings settings = ConnectionSettings.of("kafka:9093", file);

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

    ConnectionSettings settings = ConnectionSettings.of("kafka:9093", file);

    assertThat(settings.serviceProperties())
        .containsEntry("lift.topics.prefix", "teamA.")
        .containsEntry("kafka.bootstrap.servers", "kafka:9093");
    Path written = directory.resolve("written");
    try (var out = Files.newOutputStream(written)) {
      settings.serviceProperties().store(out, null);
    }
    assertThat(ConnectionSettings.fromServiceProperties(written)).isEqualTo(settings);
  }

  @Test
  void theFileMayNameTheBroker() throws IOException {
    Path file = Files.writeString(directory.resolve("k"), "bootstrap.servers=a:1,b:2\n");

    assertThat(ConnectionSettings.of(null, file).bootstrap()).isEqualTo("a:1,b:2");
    assertThat(ConnectionSettings.of("c:3", file).bootstrap()).isEqualTo("c:3");
  }

  @Test
  void anAddressWithoutPortIsRefused() {
    assertThatThrownBy(() -> ConnectionSettings.of("localhost", null))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("HOST:PORT");
  }

  @Test
  void anAbsentFileIsNamed() {
    assertThatThrownBy(() -> ConnectionSettings.of("a:1", directory.resolve("no.properties")))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("no.properties");
  }
}
