package io.lift.model.online;

import io.lift.model.decoder.Softmax;
import java.util.Arrays;
import java.util.List;

/**
 * Multinomial logistic regression, one gradient step per row. Each weight's step is divided by the
 * root of a moving mean of its squared slopes (RMSProp: Tieleman and Hinton, 2012), so columns of
 * any scale learn alike. A large rate follows a stream in which neighbouring rows are alike, and a
 * small one averages over more of them.
 */
public final class OnlineLogisticRegression implements OnlineLearner {
  private static final double KEPT = 0.995; // of the mean square, from row to row
  private static final double FIRST_SQUARE = 0.01;
  private static final double LEAST_SQUARE = 1e-4;
  private static final double MOST_DEVIATIONS = 3;

  private final int[] categories;
  private final int[] first; // index of each column's first input; the intercept is the last input
  private final int labels; // K
  private final double rate;
  private final double[] mean; // of a column of numbers
  private final double[] deviation;
  private final double[] weights; // (inputs, K)
  private final double[] squares; // (inputs, K)

  /**
   * @param categories of each column; 0 for a column of numbers
   * @param labels K
   * @param rate step of a weight whose slopes are as large as they were
   * @param rows cells of rows that say how numbers are scaled; nothing is learned from them
   */
  public OnlineLogisticRegression(int[] categories, int labels, double rate, List<int[]> rows) {
    this.categories = categories;
    this.labels = labels;
    this.rate = rate;
    this.first = new int[categories.length + 1];
    for (int c = 0; c < categories.length; c++) {
      first[c + 1] = first[c] + Math.max(1, categories[c]);
    }
    this.mean = new double[categories.length];
    this.deviation = new double[categories.length];
    for (int c = 0; c < categories.length; c++) {
      if (categories[c] == 0) {
        scale(c, rows);
      }
    }
    int inputs = first[categories.length] + 1;
    this.weights = new double[inputs * labels];
    this.squares = new double[inputs * labels];
    Arrays.fill(squares, FIRST_SQUARE);
  }

  private OnlineLogisticRegression(OnlineLogisticRegression other) {
    this.categories = other.categories;
    this.first = other.first;
    this.labels = other.labels;
    this.rate = other.rate;
    this.mean = other.mean;
    this.deviation = other.deviation;
    this.weights = other.weights.clone();
    this.squares = other.squares.clone();
  }

  private void scale(int column, List<int[]> rows) {
    double sum = 0;
    double square = 0;
    int present = 0;
    for (int[] row : rows) {
      if (row[column] >= 0) {
        sum += row[column];
        square += (double) row[column] * row[column];
        present++;
      }
    }
    mean[column] = present == 0 ? 0 : sum / present;
    double variance = present == 0 ? 0 : square / present - mean[column] * mean[column];
    deviation[column] = variance > 1e-9 ? Math.sqrt(variance) : 1;
  }

  /** The value of a column's only input that is not 0; 0 where the cell is missing. */
  private double input(int column, int cell) {
    if (cell < 0 || categories[column] > 0) {
      return cell < 0 ? 0 : 1;
    }
    double deviations = (cell - mean[column]) / deviation[column];
    return Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, deviations));
  }

  private int index(int column, int cell) {
    return first[column] + (categories[column] == 0 ? 0 : Math.max(0, cell));
  }

  @Override
  public void learn(int[] cells, int label) {
    double[] slopes = probabilities(cells);
    slopes[label] -= 1;
    for (int c = 0; c < cells.length; c++) {
      double input = input(c, cells[c]);
      if (input != 0) {
        step(index(c, cells[c]), input, slopes);
      }
    }
    step(first[cells.length], 1, slopes);
  }

  private void step(int index, double input, double[] slopes) {
    int at = index * labels;
    for (int k = 0; k < labels; k++) {
      double slope = input * slopes[k];
      double square = KEPT * squares[at + k] + (1 - KEPT) * slope * slope;
      squares[at + k] = square;
      weights[at + k] -= rate * slope / Math.sqrt(square + LEAST_SQUARE);
    }
  }

  @Override
  public double[] probabilities(int[] cells) {
    double[] scores = new double[labels];
    add(scores, first[cells.length], 1);
    for (int c = 0; c < cells.length; c++) {
      double input = input(c, cells[c]);
      if (input != 0) {
        add(scores, index(c, cells[c]), input);
      }
    }
    return Softmax.of(scores);
  }

  private void add(double[] scores, int index, double input) {
    int at = index * labels;
    for (int k = 0; k < labels; k++) {
      scores[k] += input * weights[at + k];
    }
  }

  @Override
  public OnlineLearner copy() {
    return new OnlineLogisticRegression(this);
  }
}
