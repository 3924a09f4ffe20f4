package io.lift.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ActionRecorderTest {

  @Test
  void aCommandIsKnownToKafkaByItsUserOrItsClientId() {
    String login = "org.apache.kafka.common.security.scram.ScramLoginModule required ";

    assertThat(client(login + "username=\"ops team\" password=\"x\";")).isEqualTo("ops team");
    assertThat(client(login + "password='y' username='ops';")).isEqualTo("ops");
    assertThat(client(login + "username=ops password=x;")).isEqualTo("ops");
    assertThat(ActionRecorder.client(Map.of("client.id", "build-7"))).isEqualTo("build-7");
    assertThat(ActionRecorder.client(Map.of())).isNull();
  }

  private static String client(String jaas) {
    return ActionRecorder.client(Map.of("sasl.jaas.config", jaas, "client.id", "build-7"));
  }
}
