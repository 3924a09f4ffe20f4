package io.lift.bench.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The paper's generated classifications in the plane: its definitions (those of scikit-learn's
 * {@code make_circles}, {@code make_moons} and {@code make_blobs}) with random numbers of our own.
 */
enum PlaneSet {
  CIRCLES("circles") {
    @Override
    void draw(Random random, List<Map<String, String>> rows) {
      circles(random, rows, ROWS, 0, false);
    }
  },
  /** Circles beside circles, the second with its labels the other way round. */
  TWO_CIRCLES("two-circles") {
    @Override
    void draw(Random random, List<Map<String, String>> rows) {
      circles(random, rows, ROWS / 2, 0, false);
      circles(random, rows, ROWS / 2, 3, true);
    }
  },
  BLOBS("blobs") {
    @Override
    void draw(Random random, List<Map<String, String>> rows) {
      double[][] centres = {{-6, -7}, {-7, 4}, {4, 5}, {2, -5}};
      for (int i = 0; i < ROWS; i++) {
        double[] centre = centres[i % centres.length];
        add(rows, random, 1, centre[0], centre[1], i % centres.length);
      }
    }
  },
  MOONS("moons") {
    @Override
    void draw(Random random, List<Map<String, String>> rows) {
      for (int i = 0; i < ROWS; i++) {
        double angle = Math.PI * random.nextDouble();
        if (i % 2 == 0) {
          add(rows, random, NOISE, Math.cos(angle), Math.sin(angle), 0);
        } else {
          add(rows, random, NOISE, 1 - Math.cos(angle), 0.5 - Math.sin(angle), 1);
        }
      }
    }
  },
  /** Nine Gaussians on a grid, 222 rows each. */
  NINE_CLUSTERS("nine-clusters") {
    @Override
    void draw(Random random, List<Map<String, String>> rows) {
      for (int i = 0; i < 1998; i++) {
        int label = i % 9;
        add(rows, random, Math.sqrt(0.1), 10 * (label / 3 - 1), 10 * (label % 3 - 1), label + 1);
      }
    }
  };

  static final String TARGET = "label";
  private static final int ROWS = 2000;
  private static final double NOISE = 0.1;
  private static final int SEED = 123;

  private final String title;

  PlaneSet(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** All rows, the same each time. */
  List<Map<String, String>> rows() {
    List<Map<String, String>> rows = new ArrayList<>();
    draw(new Random(SEED), rows);
    return rows;
  }

  abstract void draw(Random random, List<Map<String, String>> rows);

  /** An outer circle of radius 1 and an inner one of 0.8. */
  private static void circles(
      Random random, List<Map<String, String>> rows, int count, double shift, boolean flipped) {
    for (int i = 0; i < count; i++) {
      boolean inner = i % 2 == 1;
      double radius = inner ? 0.8 : 1;
      double angle = 2 * Math.PI * random.nextDouble();
      add(
          rows,
          random,
          NOISE,
          radius * Math.cos(angle) + shift,
          radius * Math.sin(angle),
          inner == flipped ? 0 : 1);
    }
  }

  private static void add(
      List<Map<String, String>> rows, Random random, double noise, double x, double y, int label) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("x1", Double.toString(x + noise * random.nextGaussian()));
    row.put("x2", Double.toString(y + noise * random.nextGaussian()));
    row.put(TARGET, Integer.toString(label));
    rows.add(row);
  }
}
