package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void tablesAreReadUntilTheTimeIsOver() throws Exception {
    try (InContextPredictor predictor =
        new InContextPredictor(TransformerWeights.embedded(), "cpu")) {
      assertThat(WarmUp.run(predictor, Duration.ofSeconds(1))).isPositive();
      assertThat(WarmUp.run(predictor, Duration.ZERO)).isZero();
    }
  }
}
