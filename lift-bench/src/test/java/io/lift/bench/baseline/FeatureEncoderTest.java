package io.lift.bench.baseline;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static Map<String, String> row(String x, String word, String same, String label) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("x", x);
    row.put("word", word);
    row.put("same", same);
    row.put("label", label);
    return row;
  }
}
