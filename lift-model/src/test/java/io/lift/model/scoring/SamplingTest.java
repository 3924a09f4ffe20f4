package io.lift.model.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.random.SeededRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static final float[] PROBABILITIES = {9, 9, 0.1f, 0.4f, 0.2f, 0.3f, 9};

  @Test
  void temperatureZeroTakesTheMostProbable() {
    assertThat(frequencies(new Sampling(1, 0, 0, 1, List.of(), 1))).containsExactly(0, 1, 0, 0);
  }

  @Test
  void temperatureOneDrawsByProbability() {
    expect(new Sampling(1, 1, 0, 1, List.of(), 1), 0.1, 0.4, 0.2, 0.3);
  }

  @Test
  void aHighTemperatureFlattensAndALowOneSharpens() {
    expect(new Sampling(1, 1000, 0, 1, List.of(), 1), 0.25, 0.25, 0.25, 0.25);
    double sum = 0.01 + 0.16 + 0.04 + 0.09;
    expect(
        new Sampling(1, 0.5, 0, 1, List.of(), 1), 0.01 / sum, 0.16 / sum, 0.04 / sum, 0.09 / sum);
  }

  @Test
  void topKKeepsTheKMostProbable() {
    expect(new Sampling(1, 1, 2, 1, List.of(), 1), 0, 4 / 7.0, 0, 3 / 7.0);
    expect(new Sampling(1, 1, 9, 1, List.of(), 1), 0.1, 0.4, 0.2, 0.3);
  }

  @Test
  void topPKeepsTheFewestThatReachIt() {
    expect(new Sampling(1, 1, 0, 0.65, List.of(), 1), 0, 4 / 7.0, 0, 3 / 7.0);
    expect(new Sampling(1, 1, 0, 0.75, List.of(), 1), 0, 4 / 9.0, 2 / 9.0, 3 / 9.0);
    expect(new Sampling(1, 1, 0, 1e-6, List.of(), 1), 0, 1, 0, 0);
  }

  @Test
  void invalidSettingsAreRejected() {
    refused("maxTokens", () -> new Sampling(0, 1, 0, 1, List.of(), 1));
    refused("temperature", () -> new Sampling(1, -1, 0, 1, List.of(), 1));
    refused("topP", () -> new Sampling(1, 1, 0, 0, List.of(), 1));
    refused("topK", () -> new Sampling(1, 1, -1, 1, List.of(), 1));
    refused("stop string", () -> new Sampling(1, 1, 0, 1, List.of(""), 1));
  }

  private static void refused(String what, Runnable making) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(what);
  }

  private static void expect(Sampling how, double... expected) {
    assertThat(frequencies(how)).containsExactly(expected, within(0.02));
  }

  private static double[] frequencies(Sampling how) {
    SeededRandom random = new SeededRandom(5);
    double[] share = new double[4];
    int draws = 10_000;
    for (int i = 0; i < draws; i++) {
      share[how.choose(PROBABILITIES, 2, 4, random)] += 1.0 / draws;
    }
    for (int i = 0; i < 4; i++) {
      share[i] = Math.round(share[i] * 1e9) / 1e9;
    }
    return share;
  }
}
