package io.lift.bench.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureEncoderTest {

  @Test
  void numbersAreStandardisedAndWordsGetAFeatureEach() {
    List<Map<String, String>> rows =
        List.of(row("1", "red", "7", "a"), row("3", "blue", "7", "b"), row("", "red", "7", "a"));

    FeatureEncoder encoder = new FeatureEncoder(rows, "label");

    // the third column never varies; a missing number is the mean; "green" is new
    assertThat(encoder.features()).isEqualTo(3);
    assertThat(encoder.encode(rows))
        .isDeepEqualTo(new double[][] {{-1, 1, 0}, {1, 0, 1}, {0, 1, 0}});
    assertThat(encoder.encode(List.of(row("4", "green", "9", "b"))))
        .isDeepEqualTo(new double[][] {{2, 0, 0}});
  }

  /** The values are those of scikit-learn's {@code TfidfVectorizer} for the same texts. */
  @Test
  void aTextBecomesTheWeightsOfItsWords() {
    List<Map<String, String>> rows =
        List.of(
            Map.of("text", "The red car is fast", "label", "a"),
            Map.of("text", "the blue boat, the slow boat", "label", "b"));

    FeatureEncoder encoder = new FeatureEncoder(rows, "label");

    assertThat(encoder.features()).isEqualTo(8);
    double[][] x = encoder.encode(rows);
    assertThat(sorted(x[0]))
        .containsExactly(new double[] {0, 0, 0, 0.335, 0.471, 0.471, 0.471, 0.471}, within(5e-4));
    assertThat(sorted(x[1]))
        .containsExactly(new double[] {0, 0, 0, 0, 0.398, 0.398, 0.479, 0.674}, within(5e-4));
    assertThat(sorted(encoder.encode(List.of(Map.of("text", "green", "label", "a")))[0]))
        .containsOnly(0);
  }

  private static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static Map<String, String> row(String x, String word, String same, String label) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("x", x);
    row.put("word", word);
    row.put("same", same);
    row.put("label", label);
    return row;
  }
}
