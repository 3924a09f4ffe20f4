package io.lift.bench.baseline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tribuo.Feature;
import org.tribuo.data.text.TextPipeline;
import org.tribuo.data.text.impl.TokenPipeline;
import org.tribuo.util.tokens.universal.UniversalTokenizer;

/**
 * The words of texts as TF-IDF: {@code 1 + ln(k)} for a word that is k times in the text, times
 * {@code ln((1 + n) / (1 + d)) + 1} for a word in d of n training texts, all divided by their
 * Euclidean norm. These are the formulas of scikit-learn's {@code TfidfVectorizer} with a sublinear
 * term frequency; the tokens are Tribuo's.
 */
final class TextFeatures {
  /** Most words; the commonest are kept. It bounds the memory of the dense rows. */
  private static final int MAX_WORDS = 5_000;

  private static final String TAG = "w";

  private final Map<String, Integer> words = new HashMap<>();
  private final double[] inverse; // [word] inverse document frequency

  /**
   * @param texts the training texts
   */
  TextFeatures(List<String> texts) {
    Map<String, Integer> documents = new LinkedHashMap<>();
    for (String text : texts) {
      counts(text).keySet().forEach(word -> documents.merge(word, 1, Integer::sum));
    }
    List<Map.Entry<String, Integer>> commonest =
        documents.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(MAX_WORDS)
            .toList();
    List<Double> weights = new ArrayList<>();
    for (Map.Entry<String, Integer> word : commonest) {
      words.put(word.getKey(), words.size());
      weights.add(Math.log((1.0 + texts.size()) / (1.0 + word.getValue())) + 1);
    }
    inverse = weights.stream().mapToDouble(weight -> weight).toArray();
  }

  /** The number of words that are known. */
  int size() {
    return inverse.length;
  }

  /**
   * Writes the features of a text.
   *
   * @param x [feature]
   * @param from index of the first of {@link #size()} features
   */
  void write(String text, double[] x, int from) {
    double squares = 0;
    for (Map.Entry<String, Double> count : counts(text).entrySet()) {
      Integer word = words.get(count.getKey());
      if (word != null) {
        double value = (1 + Math.log(count.getValue())) * inverse[word];
        x[from + word] = value;
        squares += value * value;
      }
    }
    double norm = squares == 0 ? 1 : Math.sqrt(squares);
    for (int word = 0; word < inverse.length; word++) {
      x[from + word] /= norm;
    }
  }

  private static Map<String, Double> counts(String text) {
    TextPipeline pipeline = new TokenPipeline(new UniversalTokenizer(), 1, true);
    Map<String, Double> counts = new LinkedHashMap<>();
    for (Feature feature : pipeline.process(TAG, text.toLowerCase(Locale.ROOT))) {
      counts.merge(feature.getName(), feature.getValue(), Double::sum);
    }
    return counts;
  }
}
