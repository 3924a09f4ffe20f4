package io.lift.model.incontext.texts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lift.model.encoder.TextFeatures;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Predicts the answers of rows from their texts: a {@link KernelFit} on a {@link TextKernel}, which
 * starts from the {@link LabelMeanings} where there are some. Penalty, temperature and how much the
 * meanings count are chosen by the likelihood of rows that are left out. Thread-safe.
 */
public final class TextPredictor {
  private static final double BIAS = 0.5; // every text is this much like every other
  private static final int FOLDS = 4;
  private static final int FOLDS_OF_FEW = 8;
  private static final int FEW_ROWS = 100;

  private static final double[] PENALTIES = {0.01, 0.05, 0.25, 1}; // the first is tried first
  private static final double[] NUMBER_PENALTIES = {0.3, 0.05, 2};
  private static final double[] SCALES = {LabelMeanings.SCALE, 2 * LabelMeanings.SCALE, 0};

  /** Nats that another choice than the first must gain. */
  private static final double RELUCTANCE = 2;

  private static final double MOST_LOG_TEMPERATURE = 1.5;
  private static final double TEMPERATURE_DEVIATION = 0.5; // of its logarithm, beforehand
  private static final int TEMPERATURE_STEPS = 40;

  private final NDManager manager;
  private final Targets targets;
  private final LabelMeanings meanings; // null for none
  private final TextKernel kernel;
  private final double[] coefficients; // (rows, classes)
  private final double[][] leftOut; // (rows, classes)
  private final double scale; // of the meanings
  private final double temperature;

  private TextPredictor(
      TextFeatures[][] texts, Targets targets, LabelMeanings meanings, NDManager manager) {
    this.manager = manager;
    this.targets = targets;
    this.meanings = meanings;
    this.kernel = new TextKernel(texts, manager);
    float[] square = kernel.square();
    for (int i = 0; i < square.length; i++) {
      square[i] += (float) BIAS;
    }
    double[][] similarities =
        meanings == null
            ? null
            : Arrays.stream(texts).map(meanings::similarities).toArray(double[][]::new);
    try (Folds folds = new Folds(square, texts)) {
      Choice best = null;
      for (double each : meanings == null ? new double[] {0} : SCALES) {
        best = better(best, folds.tried(each, penalties()[0], similarities));
      }
      for (int p = 1; p < penalties().length; p++) {
        best = better(best, folds.tried(best.scale, penalties()[p], similarities));
      }
      this.scale = best.scale;
      this.temperature = labels() ? temperature(best.leftOut) : 1;
      this.leftOut = rows(best.leftOut);
      try (NDManager own = manager.newSubManager()) {
        NDArray all = own.create(square, new Shape(targets.size(), targets.size()));
        this.coefficients =
            KernelFit.solve(own, all, offset(similarities, scale), targets::loss, best.penalty);
      }
    }
  }

  /**
   * Learns to tell labels.
   *
   * @param texts (rows, text columns)
   * @param labels of the rows, from 0
   * @param classes how many labels there are
   * @param meanings of the labels; null for none
   * @param manager of the engine
   */
  public static TextPredictor ofLabels(
      TextFeatures[][] texts,
      int[] labels,
      int classes,
      LabelMeanings meanings,
      NDManager manager) {
    return new TextPredictor(texts, new Targets(labels, classes, null), meanings, manager);
  }

  /**
   * Learns to tell a number.
   *
   * @param texts (rows, text columns)
   * @param numbers of the rows, in deviations from their mean
   * @param manager of the engine
   */
  public static TextPredictor ofNumbers(
      TextFeatures[][] texts, double[] numbers, NDManager manager) {
    return new TextPredictor(texts, new Targets(null, 1, numbers), null, manager);
  }

  private boolean labels() {
    return targets.labels() != null;
  }

  private double[] penalties() {
    return labels() ? PENALTIES : NUMBER_PENALTIES;
  }

  /** What was tried, with the scores of rows that were left out. */
  private record Choice(double scale, double penalty, double[] leftOut, double loss) {}

  private static Choice better(Choice before, Choice other) {
    return before == null || other.loss + RELUCTANCE < before.loss ? other : before;
  }

  /** (rows, classes), flat. */
  private double[] offset(double[][] similarities, double by) {
    double[] offset = new double[targets.size() * targets.classes()];
    for (int r = 0; similarities != null && r < similarities.length; r++) {
      for (int k = 0; k < targets.classes(); k++) {
        offset[r * targets.classes() + k] = by * similarities[r][k];
      }
    }
    return offset;
  }

  /** The labelled rows in folds, with the kernels of the rows of the other folds. */
  private final class Folds implements AutoCloseable {
    private final float[] square;
    private final NDManager own = manager.newSubManager();
    private final int[][] inside;
    private final int[][] outside;
    private final NDArray[] kernels;

    Folds(float[] square, TextFeatures[][] texts) {
      this.square = square;
      int n = texts.length;
      int count = Math.min(n, n < FEW_ROWS ? FOLDS_OF_FEW : FOLDS);
      int[] folds = assign(texts, count);
      inside = new int[count][];
      outside = new int[count][];
      kernels = new NDArray[count];
      for (int f = 0; f < count; f++) {
        int fold = f;
        inside[f] = IntStream.range(0, n).filter(r -> folds[r] == fold).toArray();
        outside[f] = IntStream.range(0, n).filter(r -> folds[r] != fold).toArray();
        int size = outside[f].length;
        float[] part = new float[size * size];
        for (int i = 0; i < size; i++) {
          for (int j = 0; j < size; j++) {
            part[i * size + j] = square[outside[f][i] * n + outside[f][j]];
          }
        }
        kernels[f] = own.create(part, new Shape(size, size));
      }
    }

    /** Like answers are spread over the folds; the order of the rows makes no difference. */
    private int[] assign(TextFeatures[][] texts, int count) {
      Comparator<Integer> byAnswer =
          labels()
              ? Comparator.comparingInt(r -> targets.labels()[r])
              : Comparator.comparingDouble(r -> targets.numbers()[r]);
      int[] order =
          IntStream.range(0, texts.length)
              .boxed()
              .sorted(byAnswer.thenComparing(r -> hash(texts[r])))
              .mapToInt(Integer::intValue)
              .toArray();
      int[] folds = new int[order.length];
      for (int i = 0; i < order.length; i++) {
        folds[order[i]] = i % count;
      }
      return folds;
    }

    private static int hash(TextFeatures[] row) {
      int hash = 0;
      for (TextFeatures text : row) {
        hash = 31 * hash + Arrays.hashCode(text.grams());
      }
      return hash;
    }

    Choice tried(double scale, double penalty, double[][] similarities) {
      int n = targets.size();
      int classes = targets.classes();
      double[] all = offset(similarities, scale);
      double[] scores = all.clone();
      for (int f = 0; f < inside.length && outside[f].length > 0; f++) {
        Targets some = targets.subset(outside[f]);
        double[] offset = new double[outside[f].length * classes];
        for (int i = 0; i < outside[f].length; i++) {
          System.arraycopy(all, outside[f][i] * classes, offset, i * classes, classes);
        }
        double[] fitted = KernelFit.solve(own, kernels[f], offset, some::loss, penalty);
        for (int r : inside[f]) {
          for (int i = 0; i < outside[f].length; i++) {
            float alike = square[r * n + outside[f][i]];
            for (int k = 0; k < classes; k++) {
              scores[r * classes + k] += alike * fitted[i * classes + k];
            }
          }
        }
      }
      double loss = targets.loss(scores, null);
      if (!labels()) {
        loss = n / 2.0 * Math.log(Math.max(1e-9, 2 * loss / n)); // of Gaussian errors
      }
      return new Choice(scale, penalty, scores, loss);
    }

    @Override
    public void close() {
      own.close();
    }
  }

  /** The factor of logits under which left-out rows are most likely, by golden section. */
  private double temperature(double[] logits) {
    double low = -MOST_LOG_TEMPERATURE;
    double high = MOST_LOG_TEMPERATURE;
    double ratio = (Math.sqrt(5) - 1) / 2;
    for (int i = 0; i < TEMPERATURE_STEPS; i++) {
      double left = high - ratio * (high - low);
      double right = low + ratio * (high - low);
      if (tempered(logits, left) < tempered(logits, right)) {
        high = right;
      } else {
        low = left;
      }
    }
    return Math.exp((low + high) / 2);
  }

  private double tempered(double[] logits, double logFactor) {
    double factor = Math.exp(logFactor);
    double[] scaled = Arrays.stream(logits).map(x -> factor * x).toArray();
    double z = logFactor / TEMPERATURE_DEVIATION;
    return targets.loss(scaled, null) + z * z / 2;
  }

  private double[][] rows(double[] scores) {
    int classes = targets.classes();
    double[][] rows = new double[scores.length / classes][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = Arrays.copyOfRange(scores, r * classes, (r + 1) * classes);
      for (int k = 0; k < classes; k++) {
        rows[r][k] *= temperature;
      }
    }
    return rows;
  }

  /** Logits, or the number, of each labelled row from the others: (rows, classes). */
  public double[][] leftOut() {
    return leftOut;
  }

  /**
   * Logits of the labels, or the number in deviations.
   *
   * @param queries (queries, text columns)
   * @return (queries, classes)
   */
  public double[][] predict(TextFeatures[][] queries) {
    int n = targets.size();
    int classes = targets.classes();
    float[] cross = kernel.cross(queries);
    double[] scores = new double[queries.length * classes];
    for (int q = 0; q < queries.length; q++) {
      if (meanings != null && scale > 0) {
        double[] similar = meanings.similarities(queries[q]);
        for (int k = 0; k < classes; k++) {
          scores[q * classes + k] = scale * similar[k];
        }
      }
      for (int r = 0; r < n; r++) {
        double alike = cross[q * n + r] + BIAS;
        for (int k = 0; k < classes; k++) {
          scores[q * classes + k] += alike * coefficients[r * classes + k];
        }
      }
    }
    return rows(scores);
  }
}
