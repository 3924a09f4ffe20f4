package io.lift.inference.requests;

import io.lift.core.answer.Answer;
import io.lift.core.mixture.Mixture;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.Model;
import io.lift.inference.requests.MicroBatcher.Job;
import io.lift.inference.support.Evidence;
import io.lift.inference.support.ReadSupport;
import io.lift.messages.PredictionMessage.Predictor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores a batch. A prompt without labelled rows is answered by its model. With them, the answer is
 * the weighted mixture of the in-context model on several windows, the checkpoint, the one before
 * it, and predictors that learn a row at once. The base model has learned nothing and is left out
 * then.
 */
final class JobScorer {
  // Before anything is known, the checkpoint is trusted: its members are weighed on held-out rows.
  // The longest window counts as much as it has rows that the checkpoint has not learned.
  private static final double PRIOR_CHECKPOINT = 1;
  private static final double PRIOR_LONGEST_OF_NEWS = 2;
  private static final double PRIOR_OTHER = 0.01;
  private static final double PRIOR_ONLINE = 0.001;

  private static final double ROUNDED = 1e4; // probabilities of predictors are for comparison

  private final List<Job> jobs;
  private final List<List<Distribution>> found = new ArrayList<>();
  private final Answer[] alone;

  /** What one predictor says of one row. */
  private record Distribution(String predictor, double[] probabilities, double prior) {}

  /**
   * An answer.
   *
   * @param answer of the mixture, or of the model alone
   * @param predictors of the mixture; null for none
   */
  record Mixed(Answer answer, List<Predictor> predictors) {}

  private JobScorer(List<Job> jobs) {
    this.jobs = jobs;
    this.alone = new Answer[jobs.size()];
    jobs.forEach(job -> found.add(new ArrayList<>()));
  }

  /** One answer per job, in order. */
  static List<Mixed> score(List<Job> jobs) {
    JobScorer scorer = new JobScorer(jobs);
    scorer.readContexts();
    scorer.askModels();
    List<Mixed> answers = new ArrayList<>(jobs.size());
    for (int i = 0; i < jobs.size(); i++) {
      answers.add(scorer.mix(i));
    }
    return answers;
  }

  private void readContexts() {
    Map<ReadSupport, List<Integer>> rows = new LinkedHashMap<>();
    for (int i = 0; i < jobs.size(); i++) {
      Evidence evidence = jobs.get(i).evidence();
      for (ReadSupport context : evidence == null ? List.<ReadSupport>of() : evidence.contexts()) {
        rows.computeIfAbsent(context, any -> new ArrayList<>()).add(i);
      }
    }
    rows.forEach(this::readContext);
  }

  private void readContext(ReadSupport context, List<Integer> rows) {
    double[][] answers =
        context.probabilities(rows.stream().map(i -> jobs.get(i).evidence().content()).toList());
    for (int i = 0; i < answers.length; i++) {
      Job job = jobs.get(rows.get(i));
      List<ReadSupport> windows = job.evidence().contexts();
      boolean longest = windows.get(windows.size() - 1) == context;
      double prior = longest ? prior(job) : PRIOR_OTHER;
      found.get(rows.get(i)).add(new Distribution(context.predictor(), answers[i], prior));
    }
  }

  private static double prior(Job job) {
    double news = job.evidence().news(job.model().checkpoint().trainedTo());
    return Math.max(PRIOR_OTHER, PRIOR_LONGEST_OF_NEWS * news);
  }

  private record Asked(int job, LoadedModel model) {}

  private void askModels() {
    Map<Model.BatchGroup, List<Asked>> groups = new IdentityHashMap<>();
    for (int i = 0; i < jobs.size(); i++) {
      Job job = jobs.get(i);
      if (job.evidence() == null || job.model().version() > 0) {
        ask(groups, new Asked(i, job.model()));
      }
      if (job.evidence() != null && job.previous() != null) {
        ask(groups, new Asked(i, job.previous()));
      }
    }
    groups.forEach(
        (group, rows) -> {
          List<Model.Scores> scores =
              group.score(
                  rows.stream().map(row -> row.model.row(jobs.get(row.job).prompt())).toList());
          for (int i = 0; i < scores.size(); i++) {
            take(rows.get(i), scores.get(i));
          }
        });
  }

  private static void ask(Map<Model.BatchGroup, List<Asked>> groups, Asked asked) {
    groups.computeIfAbsent(asked.model().batchGroup(), g -> new ArrayList<>()).add(asked);
  }

  private void take(Asked asked, Model.Scores scores) {
    Job job = jobs.get(asked.job);
    if (job.evidence() == null) {
      alone[asked.job] = scores.answer();
      return;
    }
    String name = Predictor.checkpoint(asked.model.version());
    double prior = asked.model == job.model() ? PRIOR_CHECKPOINT : PRIOR_OTHER;
    found.get(asked.job).add(new Distribution(name, scores.probabilities(), prior));
  }

  private Mixed mix(int i) {
    Job job = jobs.get(i);
    if (alone[i] != null) {
      return new Mixed(alone[i], null);
    }
    List<Distribution> all = found.get(i);
    job.evidence()
        .others()
        .forEach((name, found) -> all.add(new Distribution(name, found, PRIOR_ONLINE)));
    double[] shares =
        Mixture.shares(
            all.stream().map(Distribution::predictor).toArray(String[]::new),
            all.stream().mapToDouble(Distribution::prior).toArray(),
            job.weights());
    double[] mixed =
        Mixture.of(shares, all.stream().map(Distribution::probabilities).toArray(double[][]::new));
    List<Predictor> predictors = new ArrayList<>(all.size());
    for (int p = 0; p < shares.length; p++) {
      predictors.add(predictor(job, all.get(p), shares[p]));
    }
    return new Mixed(job.model().language().answer(job.prompt(), mixed), predictors);
  }

  private static Predictor predictor(Job job, Distribution own, double share) {
    Answer answer = job.model().language().answer(job.prompt(), own.probabilities());
    return answer.value() == null
        ? new Predictor(
            own.predictor(),
            rounded(share),
            answer.probabilities().values().stream().map(JobScorer::rounded).toList(),
            null,
            null)
        : new Predictor(own.predictor(), rounded(share), null, answer.value(), answer.interval());
  }

  private static double rounded(double probability) {
    return Math.round(probability * ROUNDED) / ROUNDED;
  }
}
