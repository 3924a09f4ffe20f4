package io.lift.bench.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.answer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaselinesTest {
  private static final List<String> LABELS = List.of("left", "right", "middle");

  static List<String> names() {
    return Baselines.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyBaselineTellsThreeClustersApart(String name) {
    List<Map<String, String>> train = clusters(60, 1);
    List<Map<String, String>> test = clusters(90, 2);

    Fitted fitted = new Fitted(Baselines.named(name, true), "side", LABELS, train, clusters(30, 3));

    List<Answer> answers = fitted.answer(test);
    int right = 0;
    for (int i = 0; i < test.size(); i++) {
      Answer answer = answers.get(i);
      right += answer.label().equals(test.get(i).get("side")) ? 1 : 0;
      assertThat(answer.probabilities()).containsOnlyKeys(LABELS);
      assertThat(answer.probabilities().values().stream().mapToDouble(p -> p).sum())
          .isBetween(0.999, 1.001);
      assertThat(answer.probabilities().get(answer.label())).isGreaterThan(1 / 3.0);
    }
    assertThat(right).isGreaterThan(85);
    assertThat(fitted.settings()).isNotEmpty();
  }

  static List<String> namesForNumbers() {
    return Baselines.regression().stream().map(Baseline::name).toList();
  }

  @ParameterizedTest
  @MethodSource("namesForNumbers")
  void everyBaselineLearnsALineWithAStep(String name) {
    List<Map<String, String>> train = line(150, 1);
    List<Map<String, String>> test = line(100, 2);

    Fitted fitted = new Fitted(Baselines.named(name, false), "y", List.of(), train, line(40, 3));

    List<Answer> answers = fitted.answer(test);
    double error = 0;
    double spread = 0;
    for (int i = 0; i < test.size(); i++) {
      double truth = Double.parseDouble(test.get(i).get("y"));
      error += Math.abs(answers.get(i).value() - truth);
      spread += Math.abs(truth - 1000);
    }
    assertThat(error / spread).isLessThan(0.15);
  }

  @ParameterizedTest
  @MethodSource("names")
  void oneLabelAloneIsAlwaysTheAnswer(String name) {
    List<Map<String, String>> same =
        clusters(30, 1).stream().filter(row -> row.get("side").equals("left")).toList();

    Fitted fitted = new Fitted(Baselines.named(name, true), "side", LABELS, same, List.of());

    assertThat(fitted.answer(clusters(3, 2))).extracting(Answer::label).containsOnly("left");
  }

  /** A number column, a column of words that decides between two labels, a missing value. */
  private static List<Map<String, String>> clusters(int rows, long seed) {
    Random random = new Random(seed);
    List<Map<String, String>> table = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      String side = LABELS.get(i % 3);
      double x = (side.equals("left") ? -100 : 100) + 10 * random.nextGaussian();
      table.add(
          Map.of(
              "x", i == 4 ? "" : Double.toString(x),
              "word", side.equals("middle") ? "green" : "red",
              "side", side));
    }
    return table;
  }

  /** 1000 + 100 x, and 50 more behind a word; x between -1 and 1. */
  private static List<Map<String, String>> line(int rows, long seed) {
    Random random = new Random(seed);
    List<Map<String, String>> table = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double x = 2 * random.nextDouble() - 1;
      boolean up = random.nextBoolean();
      double y = 1000 + 100 * x + (up ? 25 : -25);
      table.add(
          Map.of("x", Double.toString(x), "word", up ? "up" : "down", "y", Double.toString(y)));
    }
    return table;
  }
}
