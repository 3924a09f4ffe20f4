package io.lift.model.scoring;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sampling of the next token: temperature, then top-k, then top-p (nucleus sampling, Holtzman et
 * al. 2020).
 *
 * @param maxTokens tokens of a text at most
 * @param temperature divides the logits; 0 takes the most probable token
 * @param topK the number of most probable tokens that remain; 0 for all
 * @param topP the fewest most probable tokens remain that together reach this probability; 1 for
 *     all
 * @param stops strings that end a text and are cut from it
 * @param seed of the random choices; the text of row i depends on it and on i, not on other rows
 */
public record Sampling(
    int maxTokens, double temperature, int topK, double topP, List<String> stops, long seed) {

  public Sampling {
    stops = List.copyOf(stops);
    require(maxTokens >= 1, "maxTokens must be 1 or more");
    require(temperature >= 0 && Double.isFinite(temperature), "temperature must be 0 or more");
    require(topK >= 0, "topK must be 0 or more");
    require(topP > 0 && topP <= 1, "topP must be above 0 and at most 1");
    require(stops.stream().noneMatch(String::isEmpty), "a stop string must not be empty");
  }

  /** Always the most probable token, up to a stop string. */
  public static Sampling greedy(int maxTokens, List<String> stops) {
    return new Sampling(maxTokens, 0, 0, 1, stops, 0);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * Chooses a token.
   *
   * @param probabilities of every token at temperature 1
   * @param from where they begin in the array
   * @param count of tokens, V
   */
  int choose(float[] probabilities, int from, int count, SeededRandom random) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = probabilities[from + i] > probabilities[from + best] ? i : best;
    }
    if (temperature == 0) {
      return best;
    }
    double[] weights = new double[count];
    double most = Math.log(probabilities[from + best]);
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp((Math.log(probabilities[from + i]) - most) / temperature);
    }
    if (topK > 0 && topK < count || topP < 1) {
      cut(weights);
    }
    double remaining = random.uniform() * Arrays.stream(weights).sum();
    int chosen = best;
    for (int i = 0; i < count && remaining >= 0; i++) {
      if (weights[i] > 0) {
        chosen = i;
        remaining -= weights[i];
      }
    }
    return chosen;
  }

  private void cut(double[] weights) {
    int[] order =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -weights[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int kept = topK == 0 ? order.length : Math.min(topK, order.length);
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      sum += weights[order[i]];
    }
    double reached = 0;
    for (int i = 0; i < order.length; i++) {
      boolean stays = i < kept && reached < topP * sum;
      reached += weights[order[i]];
      weights[order[i]] = stays ? weights[order[i]] : 0;
    }
  }
}
