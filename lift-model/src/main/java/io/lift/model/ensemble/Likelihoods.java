package io.lift.model.ensemble;

import io.lift.core.calibration.Temperature;
import io.lift.model.text.Sequence;
import java.util.Arrays;

/**
 * The likelihood of the true answers of rows under an ensemble with its weights and its
 * temperature, without the in-context model.
 */
public final class Likelihoods {
  private static final int BATCH = 64;

  private final Ensemble ensemble;
  private final HeldOutEvaluation.Forward forward;
  private final int[] answers;

  /**
   * @param answers the token of each possible answer
   */
  public Likelihoods(Ensemble ensemble, HeldOutEvaluation.Forward forward, int[] answers) {
    this.ensemble = ensemble;
    this.forward = forward;
    this.answers = answers;
  }

  /**
   * The log of the probability of each row's own answer among the possible ones, in nats.
   *
   * @param rows (n) with their answers
   * @return (n), none above 0
   */
  public double[] of(Sequence[] rows) {
    double[] logs = new double[rows.length];
    for (int from = 0; from < rows.length; from += BATCH) {
      Sequence[] batch = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + BATCH));
      Sequence[][] all = new Sequence[ensemble.size()][]; // the same rows for all members
      Arrays.fill(all, batch);
      float[] outputs = forward.logProbabilities(all); // (M * B * A)
      int width = outputs.length / (ensemble.size() * batch.length);
      for (int b = 0; b < batch.length; b++) {
        double[] mixed = new double[answers.length];
        for (int m = 0; m < ensemble.size(); m++) {
          double weight = ensemble.members().get(m).weight();
          double[] own =
              HeldOutEvaluation.probabilities(outputs, (m * batch.length + b) * width, answers);
          for (int c = 0; c < mixed.length; c++) {
            mixed[c] += weight * own[c];
          }
        }
        double[] tempered = Temperature.applied(mixed, ensemble.temperature());
        logs[from + b] = Math.log(tempered[HeldOutEvaluation.truth(batch[b], answers)]);
      }
    }
    return logs;
  }
}
