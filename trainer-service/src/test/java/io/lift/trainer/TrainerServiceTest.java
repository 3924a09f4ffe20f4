package io.lift.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.checkpoint.InvalidModelException;
import io.quarkus.runtime.configuration.ConfigurationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TrainerServiceTest {

  @Test
  void aModelThatCannotBeUsedEndsTheStartWithItsSentence() {
    RuntimeException wrapped =
        new RuntimeException("Error creating a bean", new InvalidModelException("No such model."));

    assertThat(TrainerService.startFailure(wrapped))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("No such model.");
  }

  @Test
  void whatKafkaRejectsEndsTheStartWithKafkasReason() {
    assertThat(TrainerService.startFailure(new TimeoutException("no answer")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("Kafka rejects this trainer: no answer");
  }

  @Test
  void anUnexpectedFailureStaysWhatItIs() {
    IllegalStateException failure = new IllegalStateException("for a test");

    assertThat(TrainerService.startFailure(failure)).isSameAs(failure);
  }
}
