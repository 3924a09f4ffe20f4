package io.lift.model.incontext.texts;

import java.util.Arrays;

/**
 * The answers of labelled rows.
 *
 * @param labels of a classification, from 0; null for numbers
 * @param classes how many labels there are; 1 for numbers
 * @param numbers of a regression, in deviations from their mean; null for labels
 */
record Targets(int[] labels, int classes, double[] numbers) {

  int size() {
    return labels == null ? numbers.length : labels.length;
  }

  Targets subset(int[] rows) {
    return new Targets(
        labels == null ? null : Arrays.stream(rows).map(r -> labels[r]).toArray(),
        classes,
        numbers == null ? null : Arrays.stream(rows).mapToDouble(r -> numbers[r]).toArray());
  }

  /**
   * Negative log-likelihood of logits, or half of the squared error.
   *
   * @param scores (rows, classes)
   * @param gradient filled with its derivative, unless null
   */
  double loss(double[] scores, double[] gradient) {
    double loss = 0;
    for (int r = 0; r < size(); r++) {
      int at = r * classes;
      if (labels == null) {
        double error = scores[r] - numbers[r];
        loss += error * error / 2;
        if (gradient != null) {
          gradient[r] = error;
        }
        continue;
      }
      double most = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        most = Math.max(most, scores[at + k]);
      }
      double total = 0;
      for (int k = 0; k < classes; k++) {
        double weight = Math.exp(scores[at + k] - most);
        total += weight;
        if (gradient != null) {
          gradient[at + k] = weight;
        }
      }
      loss += Math.log(total) + most - scores[at + labels[r]];
      if (gradient != null) {
        for (int k = 0; k < classes; k++) {
          gradient[at + k] /= total;
        }
        gradient[at + labels[r]] -= 1;
      }
    }
    return loss;
  }
}
