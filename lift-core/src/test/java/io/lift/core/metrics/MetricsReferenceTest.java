package io.lift.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.core.answer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Against scikit-learn's figures for the same rows, made by {@code src/test/reference/metrics.py}.
 */
class MetricsReferenceTest {
  private final JsonNode reference = read();

  @Test
  void classificationFiguresAreScikitLearns() {
    JsonNode rows = reference.get("classification");
    ClassificationMetrics metrics = new ClassificationMetrics(strings(rows.get("labels")));
    for (int i = 0; i < rows.get("truth").size(); i++) {
      metrics.add(rows.get("truth").get(i).asText(), answer(rows, i));
    }

    assertAllClose(metrics.values(), rows.get("values"));
    JsonNode confusion = rows.get("confusion");
    for (int i = 0; i < confusion.size(); i++) {
      for (int j = 0; j < confusion.size(); j++) {
        assertThat(metrics.confusion()[i][j]).isEqualTo(confusion.get(i).get(j).asLong());
      }
    }
  }

  @Test
  void regressionFiguresAreScikitLearns() {
    JsonNode rows = reference.get("regression");
    for (RegressionMetrics metrics :
        List.of(RegressionMetrics.rolling(), RegressionMetrics.total())) {
      for (int i = 0; i < rows.get("truth").size(); i++) {
        metrics.add(
            rows.get("truth").get(i).asDouble(),
            Answer.ofNumber(
                rows.get("value").get(i).asDouble(),
                new Answer.Interval(
                    rows.get("lower").get(i).asDouble(),
                    rows.get("upper").get(i).asDouble(),
                    0.9)));
      }

      assertAllClose(metrics.values(), rows.get("values"));
    }
  }

  private static Answer answer(JsonNode rows, int i) {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    String best = null;
    for (int j = 0; j < rows.get("labels").size(); j++) {
      String label = rows.get("labels").get(j).asText();
      double p = rows.get("probabilities").get(i).get(j).asDouble();
      best = best == null || p > probabilities.get(best) ? label : best;
      probabilities.put(label, p);
    }
    return Answer.ofLabels(best, probabilities);
  }

  private static void assertAllClose(Map<String, Double> values, JsonNode expected) {
    assertThat(values).hasSize(expected.size());
    values.forEach(
        (name, value) -> {
          double right = expected.get(name).asDouble();
          // half a bin of its histogram
          boolean median = name.equals(MetricNames.MEDIAN_RELATIVE_ERROR);
          assertThat(value).as(name).isCloseTo(right, within(median ? 0.006 * right : 1e-9));
        });
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(node -> strings.add(node.asText()));
    return strings;
  }

  private static JsonNode read() {
    try (InputStream json =
        MetricsReferenceTest.class.getResourceAsStream("/metrics-reference.json")) {
      return new JsonMapper().readTree(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
