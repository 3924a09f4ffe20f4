package io.lift.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.checkpoint.InvalidModelException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TrainerServiceTest {

  @Test
  void aModelThatCannotBeUsedEndsTheStartWithItsSentence() {
    RuntimeException wrapped =
        new RuntimeException("Error creating a bean", new InvalidModelException("No such model."));

    assertThat(TrainerService.sentence(wrapped)).contains("No such model.");
  }

  @Test
  void whatKafkaRejectsEndsTheStartWithKafkasReason() {
    assertThat(TrainerService.sentence(new TimeoutException("no answer")))
        .contains("Kafka rejects this trainer: no answer");
  }

  @Test
  void anUnexpectedFailureStaysWhatItIs() {
    IllegalStateException failure = new IllegalStateException("for a test");

    assertThat(TrainerService.sentence(failure)).isEmpty();
  }
}
