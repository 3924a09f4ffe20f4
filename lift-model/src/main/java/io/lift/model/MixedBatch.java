package io.lift.model;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.model.Scorer.Question;
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
      return first
          .batches()
          .probabilities(questions.stream().map(q -> q.scorer().row(q.prompt())).toList());
    } finally {
      held.forEach(Lock::unlock);
    }
  }
}
