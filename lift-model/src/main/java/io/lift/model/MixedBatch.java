package io.lift.model;

import io.lift.core.answer.Answer;
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

  /** One answer per question: one batch for all adapters beside the base, one per other scorer. */
  static List<Answer> score(List<Question> questions) {
    List<Integer> together = new ArrayList<>();
    Map<Scorer, List<Integer>> apart = new IdentityHashMap<>();
    for (int i = 0; i < questions.size(); i++) {
      Scorer scorer = questions.get(i).scorer();
      (scorer.sharesPasses() ? together : apart.computeIfAbsent(scorer, s -> new ArrayList<>()))
          .add(i);
    }
    Answer[] answers = new Answer[questions.size()];
    apart.forEach(
        (scorer, own) -> {
          List<Prompt> prompts = own.stream().map(i -> questions.get(i).prompt()).toList();
          List<Answer> found = scorer.score(prompts);
          for (int i = 0; i < found.size(); i++) {
            answers[own.get(i)] = found.get(i);
          }
        });
    if (!together.isEmpty()) {
      List<Question> shared = together.stream().map(questions::get).toList();
      double[][] found = probabilities(shared);
      for (int i = 0; i < found.length; i++) {
        answers[together.get(i)] = shared.get(i).scorer().language().answer(found[i]);
      }
    }
    return List.of(answers);
  }

  /** The probabilities of each question's answers; at least one question. */
  static double[][] probabilities(List<Question> questions) {
    Set<Scorer> scorers = Collections.newSetFromMap(new IdentityHashMap<>());
    questions.forEach(question -> scorers.add(question.scorer()));
    Scorer first = questions.get(0).scorer();
    List<Lock> held = new ArrayList<>();
    try {
      for (Scorer scorer : scorers) {
        if (scorer.model() != first.model()) {
          throw new IllegalArgumentException("scorers of two base models cannot score together");
        }
        held.add(scorer.open());
      }
      List<BatchScorer.Row> rows = new ArrayList<>();
      int[] ends = new int[questions.size()];
      for (int i = 0; i < ends.length; i++) {
        rows.addAll(questions.get(i).scorer().rows(questions.get(i).prompt()));
        ends[i] = rows.size();
      }
      return averaged(first.batches().probabilities(rows), ends);
    } finally {
      held.forEach(Lock::unlock);
    }
  }

  /** The mean of the rows of each question: those up to its end, from the end of the one before. */
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
