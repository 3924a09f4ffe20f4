package io.lift.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecuredBrokerIT {
  @TempDir Path directory;

  @Test
  void whoMayDoWhatIsDecidedByPasswordsCertificatesAndAcls() throws Exception {
    BrokerSecurity security =
        BrokerSecurity.create(directory.resolve("tls"), Map.of("anna", "knows it"));
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), security)) {
      try (Admin admin = admin(broker, security.client(BrokerSecurity.ADMIN))) {
        admin.createTopics(List.of(topic("words"))).all().get();
        admin.createAcls(List.of(describe("anna", "words"))).all().get();
      }
      try (Admin anna = admin(broker, security.client("anna"))) {
        assertThat(anna.listTopics().names().get()).containsExactly("words");
        assertThatThrownBy(() -> anna.createTopics(List.of(topic("more"))).all().get())
            .hasCauseInstanceOf(TopicAuthorizationException.class);
      }
      try (Admin guessing = admin(broker, security.client("anna", "guesses"))) {
        assertThatThrownBy(() -> guessing.listTopics().names().get())
            .hasCauseInstanceOf(SaslAuthenticationException.class);
      }
      Map<String, String> misled = security.client("anna");
      misled.put("ssl.truststore.location", BrokerSecurity.foreignTruststore(directory).toString());
      try (Admin admin = admin(broker, misled)) {
        assertThatThrownBy(() -> admin.listTopics().names().get())
            .hasCauseInstanceOf(SslAuthenticationException.class);
      }
    }
    assertThat(Files.readString(directory.resolve("broker/broker.log")))
        .containsPattern("User:anna is Allowed operation = DESCRIBE .* Topic:LITERAL:words")
        .containsPattern("User:anna is Denied operation = CREATE .* Topic:LITERAL:more");
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, Optional.of(1), Optional.empty());
  }

  private static AclBinding describe(String user, String topic) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
        new AccessControlEntry(
            "User:" + user, "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW));
  }

  private static Admin admin(EmbeddedBroker broker, Map<String, String> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("bootstrap.servers", broker.bootstrap());
    return Admin.create(settings);
  }
}
