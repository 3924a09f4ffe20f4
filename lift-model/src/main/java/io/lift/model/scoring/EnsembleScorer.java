package io.lift.model.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lift.core.calibration.Temperature;
import io.lift.core.prompt.Prompt;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.Softmax;
import io.lift.model.decoder.TokenInput;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.text.Sequence;
import io.lift.model.text.TaskEncoder;
import io.lift.model.text.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Scores prompts of one task with the M small models of an ensemble side by side, and mixes their
 * probabilities. Thread-safe.
 */
public final class EnsembleScorer {
  private static final int MAX_ROWS = 256;
  private static final long MAX_SCORES = 32L << 20; // attention scores of one forward, in numbers

  private final Decoder decoder;
  private final DecoderWeights weights;
  private final Ensemble ensemble;
  private final InContextMember inContext; // null where the in-context model has no weight
  private final TaskEncoder encoder;
  private final NDManager manager;
  private final List<int[]> candidates;
  private final boolean singleTokens;

  /**
   * @param weights of the ensemble's members
   * @param inContext the in-context model with its support set; null where it has no weight
   * @param answers every possible answer
   * @param manager on the weights' device
   */
  public EnsembleScorer(
      Decoder decoder,
      DecoderWeights weights,
      Ensemble ensemble,
      InContextMember inContext,
      TaskEncoder encoder,
      List<String> answers,
      NDManager manager) {
    this.decoder = decoder;
    this.weights = weights;
    this.ensemble = ensemble;
    this.inContext = inContext;
    this.encoder = encoder;
    this.manager = manager;
    this.candidates = answers.stream().map(encoder::answer).toList();
    this.singleTokens = candidates.stream().allMatch(c -> c.length == 1);
  }

  /** The probability of each candidate for each prompt: (prompts, candidates), rows sum to 1. */
  public double[][] probabilities(List<Prompt> prompts) {
    List<int[]> tokens = prompts.stream().map(encoder::prompt).toList();
    double[][] mixed = singleTokens ? bySingleToken(tokens) : byLikelihood(tokens);
    if (inContext != null && !tokens.isEmpty()) {
      addInContext(prompts, tokens, mixed);
    }
    for (int p = 0; p < mixed.length; p++) {
      mixed[p] = tempered(mixed[p]);
    }
    return mixed;
  }

  private void addInContext(List<Prompt> prompts, List<int[]> tokens, double[][] mixed) {
    double[][] other = inContext.probabilities(prompts, tokens);
    double share = ensemble.inContext();
    for (int p = 0; p < mixed.length; p++) {
      for (int c = 0; c < mixed[p].length; c++) {
        mixed[p][c] = (1 - share) * mixed[p][c] + share * other[p][c];
      }
    }
  }

  /** One forward pass per batch, whose last position has the probabilities of all candidates. */
  private double[][] bySingleToken(List<int[]> prompts) {
    List<Sequence> rows = prompts.stream().map(p -> scoring(p, candidates.get(0))).toList();
    double[][] out = new double[prompts.size()][];
    for (List<Integer> batch : batches(rows)) {
      float[] logs = logProbabilities(batch.stream().map(rows::get).toArray(Sequence[]::new));
      int answers = encoder.answers();
      for (int i = 0; i < batch.size(); i++) {
        double[] mean = new double[candidates.size()];
        for (int m = 0; m < weights.members(); m++) {
          addNormalised(mean, m, (m * batch.size() + i) * answers, logs);
        }
        out[batch.get(i)] = mean;
      }
    }
    return out;
  }

  private void addNormalised(double[] mean, int member, int at, float[] logs) {
    double[] each = new double[mean.length];
    for (int c = 0; c < each.length; c++) {
      each[c] = logs[at + candidates.get(c)[0]];
    }
    addSoftmax(mean, member, each);
  }

  /** One row per prompt and candidate, whose probability is the product of its tokens'. */
  private double[][] byLikelihood(List<int[]> prompts) {
    int count = candidates.size();
    List<Sequence> rows = new ArrayList<>();
    for (int[] prompt : prompts) {
      for (int[] candidate : candidates) {
        rows.add(scoring(prompt, candidate));
      }
    }
    double[][][] logs = new double[prompts.size()][weights.members()][count];
    for (List<Integer> batch : batches(rows)) {
      Sequence[] sequences = batch.stream().map(rows::get).toArray(Sequence[]::new);
      float[] all = logProbabilities(sequences);
      int want = Arrays.stream(sequences).mapToInt(Sequence::completion).max().orElse(1);
      for (int m = 0; m < weights.members(); m++) {
        for (int i = 0; i < sequences.length; i++) {
          Sequence s = sequences[i];
          double sum = 0;
          for (int c = 1; c <= s.completion(); c++) {
            int position = (m * sequences.length + i + 1) * want - c;
            sum += all[position * encoder.answers() + s.ids()[s.length() - c]];
          }
          logs[batch.get(i) / count][m][batch.get(i) % count] = sum;
        }
      }
    }
    double[][] out = new double[prompts.size()][count];
    for (int p = 0; p < out.length; p++) {
      for (int m = 0; m < weights.members(); m++) {
        addSoftmax(out[p], m, logs[p][m]);
      }
    }
    return out;
  }

  /**
   * The mixed probabilities of all answer tokens after each prompt, also of questions about
   * columns. The in-context model and the temperature are left out, because they are fitted to the
   * task's own answers.
   *
   * @return (prompts, A), each row summing to 1
   */
  public double[][] tokenProbabilities(List<int[]> prompts) {
    List<Sequence> rows = prompts.stream().map(p -> scoring(p, candidates.get(0))).toList();
    int answers = encoder.answers();
    double[][] out = new double[prompts.size()][answers];
    for (List<Integer> batch : batches(rows)) {
      Sequence[] sequences = batch.stream().map(rows::get).toArray(Sequence[]::new);
      float[] logs = logProbabilities(sequences);
      int want = sequences[0].completion();
      for (int m = 0; m < weights.members(); m++) {
        double weight = ensemble.members().get(m).weight();
        for (int i = 0; i < sequences.length; i++) {
          int at = (m * sequences.length + i) * want * answers; // the first token of the answer
          for (int a = 0; a < answers; a++) {
            out[batch.get(i)][a] += weight * Math.exp(logs[at + a]);
          }
        }
      }
    }
    return out;
  }

  private static Sequence scoring(int[] prompt, int[] candidate) {
    return Sequence.of(prompt, candidate, new int[0]);
  }

  private double[] tempered(double[] mean) {
    return ensemble.temperature() == 1 ? mean : Temperature.applied(mean, ensemble.temperature());
  }

  /** Log probabilities of all answers after each wanted position: (M * rows * want * A). */
  public float[] logProbabilities(Sequence[] rows) {
    int members = weights.members();
    Sequence[] repeated = new Sequence[members * rows.length];
    for (int m = 0; m < members; m++) {
      System.arraycopy(rows, 0, repeated, m * rows.length, rows.length);
    }
    TokenBatch batch = TokenBatch.of(repeated, members, encoder.vocabulary(), encoder.padding(), 1);
    try (NDScope scope = new NDScope()) {
      NDArray tokens = manager.create(batch.tokens());
      TokenInput input = TokenInput.of(tokens, batch.rows(), batch.length(), batch.padding());
      return decoder.logits(weights, input, batch.targetLength(), 0).logSoftmax(2).toFloatArray();
    }
  }

  /** Rows of similar length together, at most {@link #MAX_ROWS}, fewer where they are long. */
  private List<List<Integer>> batches(List<Sequence> rows) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingInt(i -> -rows.get(i).length()));
    List<List<Integer>> batches = new ArrayList<>();
    int from = 0;
    while (from < order.size()) {
      long length = rows.get(order.get(from)).length();
      long each = weights.members() * decoder.config().heads() * length * length;
      int size = (int) Math.max(1, Math.min(MAX_ROWS, MAX_SCORES / each));
      int to = Math.min(order.size(), from + size);
      batches.add(order.subList(from, to));
      from = to;
    }
    return batches;
  }

  /** Adds the softmax of a member's log probabilities, times its weight. */
  private void addSoftmax(double[] mean, int member, double[] logs) {
    double weight = ensemble.members().get(member).weight();
    double[] own = Softmax.of(logs);
    for (int c = 0; c < mean.length; c++) {
      mean[c] += weight * own[c];
    }
  }
}
