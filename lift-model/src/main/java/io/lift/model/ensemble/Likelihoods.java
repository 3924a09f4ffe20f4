package io.lift.model.ensemble;

import io.lift.core.calibration.Temperature;
import io.lift.model.text.Sequence;
import java.util.Arrays;

/**
 * How likely a committee held the answers that rows turned out to have: all members together, as
 * they are weighed and tempered, without the pretrained model that reads rows in context.
 */
public final class Likelihoods {
  private static final int BATCH = 64;

  private final Ensemble committee;
  private final HeldOutEvaluation.Forward forward;
  private final int[] answers;

  /**
   * @param answers the token of each possible answer
   */
  public Likelihoods(Ensemble committee, HeldOutEvaluation.Forward forward, int[] answers) {
    this.committee = committee;
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
      Sequence[][] read = new Sequence[committee.size()][]; // all read the same
      Arrays.fill(read, batch);
      float[] given = forward.logProbabilities(read); // (M * B * A)
      int width = given.length / (committee.size() * batch.length);
      for (int b = 0; b < batch.length; b++) {
        double[] mixed = new double[answers.length];
        for (int m = 0; m < committee.size(); m++) {
          double weight = committee.members().get(m).weight();
          double[] shares =
              HeldOutEvaluation.shares(given, (m * batch.length + b) * width, answers);
          for (int c = 0; c < mixed.length; c++) {
            mixed[c] += weight * shares[c];
          }
        }
        double[] tempered = Temperature.applied(mixed, committee.temperature());
        logs[from + b] = Math.log(tempered[HeldOutEvaluation.truth(batch[b], answers)]);
      }
    }
    return logs;
  }
}
