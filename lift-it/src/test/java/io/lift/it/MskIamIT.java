package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.broker.BrokerSecurity;
import io.lift.broker.EmbeddedBroker;
import io.lift.it.Program.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Amazon's library in the folder of plugins, on a broker that logs in as Amazon MSK does. */
class MskIamIT {
  private static final Path LIBRARY = Path.of("target", "plugins", "aws-msk-iam-auth-all.jar");

  @TempDir private Path directory;

  @Test
  void rowsGoInAndPredictionsComeOutWithTheLibraryInTheFolder() throws Exception {
    BrokerSecurity security =
        BrokerSecurity.create(directory.resolve("tls"), Map.of()).with(SimulatedMsk.ofBroker());
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), security)) {
      Map<String, String> settings = new HashMap<>(security.trust());
      settings.put("bootstrap.servers", broker.bootstrap());
      settings.put("security.protocol", "SASL_SSL");
      settings.put("sasl.mechanism", "AWS_MSK_IAM");
      settings.put("sasl.jaas.config", "software.amazon.msk.auth.iam.IAMLoginModule required;");
      settings.put(
          "sasl.client.callback.handler.class",
          "software.amazon.msk.auth.iam.IAMClientCallbackHandler");
      Path file = ConfiguredStack.write(directory.resolve("kafka.properties"), settings);

      Installation guessing = installation("guessing", "a guess");
      Output denied = guessing.lift("task", "list", "--kafka-config", file.toString());
      assertThat(denied.code()).isEqualTo(1);
      assertThat(denied.text()).hasLineCount(1).contains("rejects these credentials");

      Installation installation = installation("knowing", SimulatedMsk.SECRET_KEY);
      try {
        installation.learnsAndAnswers(file, directory);
      } finally {
        installation.lift("down");
      }
    }
  }

  private Installation installation(String name, String secret) throws Exception {
    Installation installation =
        new Installation(
            directory.resolve(name),
            Map.of(
                "AWS_ACCESS_KEY_ID",
                SimulatedMsk.ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY",
                secret,
                "AWS_REGION",
                SimulatedMsk.REGION));
    Files.copy(LIBRARY, installation.plugins().resolve("aws-msk-iam-auth-all.jar"));
    return installation;
  }
}
