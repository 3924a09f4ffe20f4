package io.lift.model;

import io.lift.core.prompt.Prompt;
import io.lift.model.Scorer.Question;
import io.lift.model.scoring.BatchScorer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;

/** Questions to scorers of several tasks and versions at once. */
final class MixedBatch {
  private MixedBatch() {}

  /** One distribution per question: one batch for all that share passes, one per other scorer. */
  static double[][] distributions(List<Question> questions) {
    List<Integer> shared = new ArrayList<>();
    Map<Scorer, List<Integer>> separate = new IdentityHashMap<>();
    for (int i = 0; i < questions.size(); i++) {
      Scorer scorer = questions.get(i).scorer();
      (scorer.sharesPasses() ? shared : separate.computeIfAbsent(scorer, s -> new ArrayList<>()))
          .add(i);
    }
    double[][] all = new double[questions.size()][];
    separate.forEach(
        (scorer, own) -> {
          List<Prompt> prompts = own.stream().map(i -> questions.get(i).prompt()).toList();
          double[][] found = scorer.probabilities(prompts);
          for (int i = 0; i < found.length; i++) {
            all[own.get(i)] = found[i];
          }
        });
    if (!shared.isEmpty()) {
      double[][] found = probabilities(shared.stream().map(questions::get).toList());
      for (int i = 0; i < found.length; i++) {
        all[shared.get(i)] = found[i];
      }
    }
    return all;
  }

  /**
   * The probabilities of each question's answers.
   *
   * @param questions at least one, all to {@link AdapterScorer}s
   */
  static double[][] probabilities(List<Question> questions) {
    List<AdapterScorer> scorers =
        questions.stream().map(question -> (AdapterScorer) question.scorer()).toList();
    Set<AdapterScorer> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    distinct.addAll(scorers);
    AdapterScorer first = scorers.get(0);
    List<Lock> held = new ArrayList<>();
    try {
      for (AdapterScorer scorer : distinct) {
        if (scorer.model() != first.model()) {
          throw new IllegalArgumentException("scorers of two base models cannot score together");
        }
        held.add(scorer.acquire());
      }
      List<BatchScorer.Row> rows = new ArrayList<>();
      int[] ends = new int[questions.size()];
      for (int i = 0; i < ends.length; i++) {
        rows.addAll(scorers.get(i).rows(questions.get(i).prompt()));
        ends[i] = rows.size();
      }
      return averaged(first.batches().probabilities(rows), ends);
    } finally {
      held.forEach(Lock::unlock);
    }
  }

  /** The mean of each question's rows, which end before {@code ends[q]}. */
  private static double[][] averaged(double[][] rows, int[] ends) {
    double[][] means = new double[ends.length][];
    for (int q = 0; q < ends.length; q++) {
      int from = q == 0 ? 0 : ends[q - 1];
      double[] mean = rows[from].clone();
      for (int r = from + 1; r < ends[q]; r++) {
        for (int c = 0; c < mean.length; c++) {
          mean[c] += rows[r][c];
        }
      }
      for (int c = 0; c < mean.length; c++) {
        mean[c] /= ends[q] - from;
      }
      means[q] = mean;
    }
    return means;
  }
}
