package io.lift.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.messages.PredictionMessage.Predictor;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictorCountersTest {
  private static Predictor predictor(String name, double share, double ofA) {
    return new Predictor(name, share, List.of(ofA, 1 - ofA), null, null);
  }

  @Test
  void predictorsAreCountedByWhatTheyAre() {
    PredictorCounters counters = new PredictorCounters();
    counters.add(
        List.of(predictor("checkpoint-7", 0.5, 0.9), predictor("checkpoint-6", 0.1, 0.2)), 0);
    counters.add(
        List.of(predictor("checkpoint-8", 0.1, 0.9), predictor("checkpoint-7", 0.3, 0.2)), 1);
    counters.add(List.of(predictor("context-64", 1, 0.6)), 0);
    counters.add(null, 0);

    assertThat(counters.lines())
        .containsExactly(
            new PredictorCounters.Line("in-context model, newest 64 rows", 1, 1, 0.25),
            new PredictorCounters.Line("checkpoint", 2, 0.5, 0.15),
            new PredictorCounters.Line("checkpoint before", 2, 0.5, 0.1));
  }

  @Test
  void anUnknownPredictorHasItsOwnName() {
    PredictorCounters counters = new PredictorCounters();
    counters.add(List.of(predictor("oracle", 1, 1)), 0);
    assertThat(counters.lines()).extracting(PredictorCounters.Line::what).containsExactly("oracle");
  }
}
