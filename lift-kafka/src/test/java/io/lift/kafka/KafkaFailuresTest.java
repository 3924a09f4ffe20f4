package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class KafkaFailuresTest {

  @Test
  void ofAFailedLoginTheInnermostReasonIsSaidWithoutNamesOfClasses() {
    LoginException login =
        new LoginException(
            "org.apache.kafka.common.KafkaException: java.io.IOException: no token\n"
                + "Caused by: java.io.IOException: java.net.ConnectException: the server is away\n\t... 133 more");
    KafkaException failure = new KafkaException("cannot make a client", new KafkaException(login));
    assertThat(KafkaFailures.explain(Map.of("bootstrap.servers", "kafka:9092"), failure))
        .hasMessage(
            "Kafka's client cannot log in with kafka.sasl.* (the server is away):"
                + " check these settings");
    assertThat(KafkaFailures.login(new KafkaException("something else"))).isEmpty();
  }
}
