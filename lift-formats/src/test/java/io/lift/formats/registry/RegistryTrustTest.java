package io.lift.formats.registry;

import static io.lift.formats.Records.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.broker.BrokerSecurity;
import io.lift.testing.RegistryServer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTrustTest {
  @TempDir private Path directory;

  @Test
  void theCertificatesOfKafkaAreThoseOfTheRegistry() throws Exception {
    BrokerSecurity security = BrokerSecurity.create(directory, Map.of());
    Map<String, Object> kafka = Map.copyOf(security.client(BrokerSecurity.ADMIN));
    try (RegistryServer server = new RegistryServer(0, server(kafka))) {
      int id = server.register("loan", "JSON", "{}", null);
      byte[] value = ByteBuffer.allocate(12).put((byte) 0).putInt(id).put(bytes("{'a':1}")).array();
      assertThat(server.url()).startsWith("https://");
      SSLContext trust = RegistryTrust.of(kafka);
      assertThat(read(server, trust, value)).isEqualTo("{\"a\":1}");
      assertThatThrownBy(() -> read(server, null, value))
          .isInstanceOf(SchemaUnavailableException.class)
          .hasMessageContaining("does not answer");
    }
  }

  @Test
  void withoutCertificatesOfKafkaThoseOfTheJvmCount() {
    assertThat(RegistryTrust.of(Map.of("bootstrap.servers", "localhost:9092"))).isNull();
    assertThatThrownBy(
            () -> RegistryTrust.of(Map.of("ssl.truststore.location", "/nowhere/trust.jks")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kafka.ssl.*");
  }

  private static String read(RegistryServer server, SSLContext trust, byte[] value)
      throws Exception {
    RegistrySettings settings =
        new RegistrySettings(List.of(server.url()), null, null, null, trust, 10);
    return new RegistryPayload(new SchemaRegistry(settings)).read(value, null).json().toString();
  }

  /** The server has the certificate of the broker, whose store has the same password. */
  private SSLContext server(Map<String, Object> kafka) {
    return RegistryTrust.of(
        Map.of(
            "ssl.keystore.location", directory.resolve("broker.p12").toString(),
            "ssl.keystore.type", "PKCS12",
            "ssl.keystore.password", kafka.get("ssl.truststore.password")));
  }
}
