package io.lift.bench.prequential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Tables drawn from a seed: numbers and words, and a label of three classes that follows from the
 * first columns with some noise. They differ in their columns and in their rule, and the first has
 * 130 columns.
 */
final class SyntheticStreams {
  /** Columns of the widest table. */
  static final int WIDEST = 130;

  private static final int FEWEST = 4;
  private static final int MOST = 12;

  /** Columns that say something about the label. */
  private static final int INFORMATIVE = 3;

  private static final double NOISE = 0.4;
  private static final List<String> COLOURS = List.of("red", "green", "blue");
  private static final String TARGET = "class";

  private SyntheticStreams() {}

  /**
   * Tables of so many rows.
   *
   * @param seed of every value
   */
  static List<StreamTable> of(int tables, int rows, long seed) {
    List<StreamTable> drawn = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (int t = 0; t < tables; t++) {
      int columns = t == 0 ? WIDEST : random.nextInt(FEWEST, MOST + 1);
      drawn.add(table("stream-%02d".formatted(t + 1), columns, rows, random.split()));
    }
    return drawn;
  }

  private static StreamTable table(String name, int columns, int rows, SplittableRandom random) {
    double[] weights = random.doubles(INFORMATIVE, 0.7, 1.5).toArray();
    List<Map<String, String>> drawn = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Map<String, String> values = new LinkedHashMap<>();
      double score = NOISE * random.nextGaussian();
      for (int c = 0; c < columns; c++) {
        if (c % 5 == 4) {
          values.put("word" + c, COLOURS.get(random.nextInt(COLOURS.size())));
        } else {
          double value = random.nextGaussian();
          values.put("number" + c, String.format(Locale.ROOT, "%.2f", 10 + 3 * value));
          score += c < INFORMATIVE ? weights[c] * value : 0;
        }
      }
      values.put(TARGET, score < -1 ? "low" : score < 1 ? "middle" : "high");
      drawn.add(values);
    }
    return new StreamTable(name, TARGET, drawn);
  }
}
