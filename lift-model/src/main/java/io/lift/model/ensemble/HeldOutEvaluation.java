package io.lift.model.ensemble;

import io.lift.core.calibration.Temperature;
import io.lift.model.decoder.Softmax;
import io.lift.model.text.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Asks each member about rows that it never learns, and hears the committee accordingly: weights of
 * the readings and the temperature of their mixture.
 */
public final class HeldOutEvaluation {
  private static final int MOST_ROWS = 2000;
  private static final int BATCH = 64;

  /** With less the pretrained model is not worth its time. */
  private static final double LEAST_SHARE = 0.05;

  /**
   * An average of several members is less sure than the single ones it was fitted on, so that the
   * whole of their temperature would overshoot.
   */
  private static final double SHARE_OF_TEMPERATURE = 0.5;

  private static final double COLDEST = 0.5;

  private final Ensemble committee;
  private final Forward forward;
  private final int[] answers;

  /** The members' forward pass. */
  @FunctionalInterface
  public interface Forward {
    /**
     * @param rows (M, B) sequences
     * @return log probabilities of each row's answer: (M * B * A)
     */
    float[] logProbabilities(Sequence[][] rows);
  }

  /**
   * @param committee whose members all hold out a part
   * @param answers the token of each possible answer
   */
  public HeldOutEvaluation(Ensemble committee, Forward forward, int[] answers) {
    this.committee = committee;
    this.forward = forward;
    this.answers = answers;
  }

  /**
   * The committee as it should be heard.
   *
   * @param rows fresh rows first, then rehearsed ones
   * @param folds of the rows
   * @param inContext what the pretrained model answers to each row from those of other parts, null
   *     for rows that it was not asked about; null if it is not heard at all
   */
  public Ensemble weigh(Sequence[] rows, int[] folds, int fresh, double[][] inContext) {
    int[] asked = asked(rows.length, folds, fresh);
    List<double[][]> given = ask(rows, folds, asked); // of each reading: (rows, answers)
    int[] truths = Arrays.stream(asked).map(i -> truth(rows[i], answers)).toArray();
    if (inContext != null) {
      int[] both =
          IntStream.range(0, asked.length).filter(n -> inContext[asked[n]] != null).toArray();
      List<double[][]> voices = new ArrayList<>();
      given.forEach(reading -> voices.add(only(both, n -> reading[n])));
      voices.add(only(both, n -> inContext[asked[n]]));
      Ensemble together =
          heard(
              voices,
              MixtureWeights.prior(given.size(), rows.length),
              Arrays.stream(both).map(n -> truths[n]).toArray());
      if (together.inContext() >= LEAST_SHARE) {
        return together;
      }
    }
    return heard(given, MixtureWeights.prior(given.size()), truths);
  }

  private static double[][] only(int[] rows, IntFunction<double[]> given) {
    return Arrays.stream(rows).mapToObj(given).toArray(double[][]::new);
  }

  /**
   * Weighs some voices against one another.
   *
   * @param voices what each reading gave, (rows, answers), and then perhaps the pretrained model
   * @param prior of the voices
   */
  private Ensemble heard(List<double[][]> voices, double[] prior, int[] truths) {
    double[][] likelihoods = new double[truths.length][voices.size()];
    for (int i = 0; i < truths.length; i++) {
      for (int v = 0; v < voices.size(); v++) {
        likelihoods[i][v] = voices.get(v)[i][truths[i]];
      }
    }
    double[] weights = MixtureWeights.weights(likelihoods, prior);
    double[][] mixed = new double[truths.length][answers.length];
    for (int i = 0; i < truths.length; i++) {
      for (int v = 0; v < voices.size(); v++) {
        for (int c = 0; c < answers.length; c++) {
          mixed[i][c] += weights[v] * voices.get(v)[i][c];
        }
      }
    }
    double whole =
        Temperature.fit(
            IntStream.range(0, truths.length)
                .mapToObj(i -> Temperature.Row.of(mixed[i], truths[i]))
                .toList(),
            COLDEST,
            Double.POSITIVE_INFINITY);
    double temperature = Math.pow(whole, SHARE_OF_TEMPERATURE);
    List<NumberEncoding> readings = committee.readings();
    double inContext = voices.size() > readings.size() ? weights[readings.size()] : 0;
    Map<NumberEncoding, Double> byReading = new EnumMap<>(NumberEncoding.class);
    for (int r = 0; r < readings.size(); r++) {
      byReading.put(readings.get(r), weights[r] / (1 - inContext));
    }
    return committee.with(byReading, inContext, temperature);
  }

  /** Rows that some member of each reading holds out: the fresh ones, then the newest others. */
  private int[] asked(int count, int[] folds, int fresh) {
    boolean[] heldOut = new boolean[Ensemble.FOLDS];
    committee.members().forEach(member -> heldOut[member.fold()] = true);
    List<Integer> pool = new ArrayList<>();
    for (int i = 0; i < fresh; i++) {
      if (heldOut[folds[i]]) {
        pool.add(i);
      }
    }
    if (pool.size() > MOST_ROWS) {
      double every = pool.size() / (double) MOST_ROWS;
      List<Integer> all = pool;
      return IntStream.range(0, MOST_ROWS).map(n -> all.get((int) (n * every))).toArray();
    }
    for (int i = count - 1; i >= fresh && pool.size() < MOST_ROWS; i--) {
      if (heldOut[folds[i]]) {
        pool.add(i);
      }
    }
    return pool.stream().mapToInt(i -> i).toArray();
  }

  /** What each reading's members give to the rows that they hold out: (rows, answers) each. */
  private List<double[][]> ask(Sequence[] rows, int[] folds, int[] asked) {
    List<NumberEncoding> readings = committee.readings();
    List<double[][]> given = new ArrayList<>();
    readings.forEach(reading -> given.add(new double[asked.length][]));
    int members = committee.size();
    List<List<Integer>> own = new ArrayList<>(); // numbers within asked, by member
    for (Ensemble.Member member : committee.members()) {
      List<Integer> numbers = new ArrayList<>();
      for (int n = 0; n < asked.length; n++) {
        if (folds[asked[n]] == member.fold()) {
          numbers.add(n);
        }
      }
      own.add(numbers);
    }
    int longest = own.stream().mapToInt(List::size).max().orElse(0);
    for (int from = 0; from < longest; from += BATCH) {
      int batch = Math.min(BATCH, longest - from);
      Sequence[][] read = new Sequence[members][batch];
      for (int m = 0; m < members; m++) {
        for (int b = 0; b < batch; b++) {
          // where a member has no row left, any row keeps its place
          int n = from + b < own.get(m).size() ? own.get(m).get(from + b) : 0;
          read[m][b] = rows[asked[n]];
        }
      }
      float[] logs = forward.logProbabilities(read);
      int width = logs.length / (members * batch);
      for (int m = 0; m < members; m++) {
        int reading = readings.indexOf(committee.members().get(m).reading());
        for (int b = 0; b < batch && from + b < own.get(m).size(); b++) {
          given.get(reading)[own.get(m).get(from + b)] =
              shares(logs, (m * batch + b) * width, answers);
        }
      }
    }
    return given;
  }

  /** The probabilities of the answers among themselves. */
  static double[] shares(float[] logs, int at, int[] answers) {
    return Softmax.of(Arrays.stream(answers).mapToDouble(answer -> logs[at + answer]).toArray());
  }

  /** Which of the answers a row has. */
  static int truth(Sequence row, int[] answers) {
    for (int c = 0; c < answers.length; c++) {
      if (answers[c] == row.last()) {
        return c;
      }
    }
    throw new IllegalStateException("a row was learnt whose answer is none of the task's");
  }
}
