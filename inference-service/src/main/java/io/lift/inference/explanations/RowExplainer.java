package io.lift.inference.explanations;

import io.lift.core.answer.Answer;
import io.lift.core.calibration.CalibratedAnswer;
import io.lift.core.calibration.RowDraw;
import io.lift.core.explanation.ExplainedColumn;
import io.lift.core.explanation.RowVariants;
import io.lift.core.explanation.RowVariants.Contributions;
import io.lift.core.explanation.Walks;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TargetRange;
import io.lift.inference.requests.MicroBatcher;
import io.lift.inference.requests.MicroBatcher.Job;
import io.lift.inference.requests.MicroBatcher.Scored;
import io.lift.messages.Explanation;
import io.lift.messages.Explanation.Contribution;
import io.lift.messages.Explanation.Replacement;
import io.lift.messages.PredictionMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Explains answers: sampled Shapley values of the published probability or number. Columns take the
 * values of labelled rows before the row, or are missing where the service holds none. The changed
 * rows are answered by the same models, weights and labelled rows as the row itself, whenever no
 * others wait. The choices follow from the row's own sentence, so the same row in the same place
 * gets the same explanation. Thread-safe.
 */
public final class RowExplainer {
  /** Labelled rows of which those are drawn whose values columns take. */
  static final int ROWS = 1024;

  private static final int LEAST_DRAWS = 4;
  private static final double ROUNDED = 1e4; // of probabilities, as those of predictors

  private final MicroBatcher batcher;
  private final int draws;
  private final int maxVariants;

  /**
   * @param draws how often each column is replaced
   * @param maxVariants changed rows for one explanation at most
   */
  public RowExplainer(MicroBatcher batcher, int draws, int maxVariants) {
    this.batcher = batcher;
    this.draws = draws;
    this.maxVariants = maxVariants;
  }

  /**
   * Explains an answer.
   *
   * @param job that was answered; its leases must still be held
   * @param values of the row by column; null if the request did not bring them
   * @param given the prediction, which is answered
   * @param deadline when to give up, {@link System#nanoTime()}
   * @throws RejectedExecutionException if the service is stopping
   */
  public Explanation explain(
      Job job, Map<String, Object> values, PredictionMessage given, long deadline)
      throws InterruptedException {
    long began = System.nanoTime();
    TaskLanguage language = job.model().language();
    if (values == null || !isOf(job, language, values)) {
      return Explanation.none(
          "the request does not have the values of its row, by which it would be explained");
    }
    List<Map<String, Object>> others =
        job.evidence() == null ? List.of() : job.evidence().values(ROWS);
    Replacement replacement = others.isEmpty() ? Replacement.MISSING : Replacement.LABELLED_ROWS;
    if (others.isEmpty()) {
      others = List.of(Map.of());
    }
    List<ExplainedColumn> all = ExplainedColumn.of(language.task());
    Walks.Size size = Walks.size(all.size(), draws, LEAST_DRAWS, maxVariants);
    List<ExplainedColumn> columns = all.subList(0, size.columns());
    long seed = Double.doubleToLongBits(RowDraw.of(job.prompt().text()));
    RowVariants variants =
        new RowVariants(
            language,
            values,
            others,
            columns,
            Walks.draw(columns.size(), others.size(), size.draws(), seed));
    double[] scores = new double[variants.prompts().size()];
    String failure = score(job, variants, given, deadline, scores);
    if (failure != null) {
      return Explanation.none(failure);
    }
    Contributions found = variants.contributions(score(given.answer(), given), scores);
    boolean labels = given.answer().value() == null;
    return new Explanation(
        sorted(columns, values, found, labels),
        rounded(found.base(), labels),
        replacement,
        size.draws(),
        scores.length,
        Math.round((System.nanoTime() - began) / 1e5) / 10.0,
        all.size() == columns.size()
            ? null
            : all.subList(columns.size(), all.size()).stream().map(ExplainedColumn::field).toList(),
        null);
  }

  /** Whether values are those of the job's sentence. */
  private static boolean isOf(Job job, TaskLanguage language, Map<String, Object> values) {
    return language.prompt(new Row(values, null)).text().equals(job.prompt().text());
  }

  /** Scores the changed rows; returns why it failed, or null. */
  private String score(
      Job job, RowVariants variants, PredictionMessage given, long deadline, double[] scores)
      throws InterruptedException {
    List<CompletableFuture<Scored>> results =
        batcher.submitLater(variants.prompts().stream().map(job::of).toList());
    try {
      for (int i = 0; i < scores.length; i++) {
        Scored scored = results.get(i).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (scored.failure() != null) {
          return "a changed row could not be answered: " + scored.failure();
        }
        scores[i] = score(scored.answer(), given);
      }
      return null;
    } catch (TimeoutException e) {
      return "the explanation was not made in time";
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RejectedExecutionException stopping) {
        throw stopping;
      }
      return "a changed row could not be answered: " + e.getCause().getMessage();
    } finally {
      results.forEach(result -> result.cancel(false));
    }
  }

  /** The number, or the probability of the given label, calibrated as it was in the answer. */
  private static double score(Answer answer, PredictionMessage given) {
    Answer published = given.answer();
    if (published.value() != null) {
      return answer.value();
    }
    if (answer == published) {
      return published.probabilities().get(published.label());
    }
    return CalibratedAnswer.of(
            answer,
            published.calibration(),
            CalibrationPolicy.defaults(),
            RowDraw.of(given.row()),
            TargetRange.ALL)
        .probabilities()
        .getOrDefault(published.label(), 0.0);
  }

  private static List<Contribution> sorted(
      List<ExplainedColumn> columns,
      Map<String, Object> values,
      Contributions found,
      boolean labels) {
    List<Contribution> sorted = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      sorted.add(
          new Contribution(
              columns.get(c).field(),
              columns.get(c).value(values),
              rounded(found.contributions()[c], labels)));
    }
    sorted.sort(Comparator.comparingDouble(column -> -Math.abs(column.contribution())));
    return sorted;
  }

  private static double rounded(double score, boolean probability) {
    return probability ? Math.round(score * ROUNDED) / ROUNDED : score;
  }

  /** When an explanation that begins now is given up, {@link System#nanoTime()}. */
  public static long deadline(Duration timeout) {
    return System.nanoTime() + timeout.toNanos();
  }
}
