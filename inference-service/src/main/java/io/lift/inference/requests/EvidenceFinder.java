package io.lift.inference.requests;

import io.lift.core.calibration.RowDraw;
import io.lift.core.prompt.Prompt;
import io.lift.inference.models.Calibrations;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelLookup;
import io.lift.inference.requests.MicroBatcher.Job;
import io.lift.inference.support.Evidence;
import io.lift.inference.support.LiveSupport;
import io.lift.messages.PredictionMessage.Predictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Finds the labelled rows before a row, and makes the job that answers it from them. While the
 * service does not keep up, predictors that hardly count answer each fourth row only: enough to see
 * whether they have become better.
 */
public final class EvidenceFinder {
  private static final double HARDLY = 0.02; // of all weight
  private static final int TURNS = 4;

  private final LiveSupport support;
  private final Calibrations calibrations;
  private final Duration maxWait;

  /**
   * @param maxWait how long a batch waits for labelled rows that are being read; then older ones
   *     are used
   */
  public EvidenceFinder(LiveSupport support, Calibrations calibrations, Duration maxWait) {
    this.support = support;
    this.calibrations = calibrations;
    this.maxWait = maxWait;
  }

  /** When a batch that begins now stops waiting, {@link System#nanoTime()}. */
  long deadline() {
    return System.nanoTime() + maxWait.toNanos();
  }

  /** A batch was answered in so many nanoseconds. */
  void answered(long nanos) {
    support.answered(nanos);
  }

  /**
   * The job of a request.
   *
   * @param ready leased models, whose leases go to the job
   * @param deadline when to stop waiting, {@link System#nanoTime()}
   */
  Job job(ModelLookup.Ready ready, Request request, long deadline) throws InterruptedException {
    String task = request.message().task();
    String language = ready.model().languageHash();
    Prompt prompt = request.prompt();
    support.shorten(task, calibrations.since(task));
    Map<String, Double> weights = calibrations.weights(task);
    boolean all = support.steps() == 1 || RowDraw.of(request.message().row()) < 1.0 / TURNS;
    Predicate<String> asked = name -> all || weights.getOrDefault(name, 1.0) >= HARDLY;
    Evidence found =
        Boolean.TRUE.equals(request.message().learned())
            ? support
                .before(
                    task,
                    language,
                    prompt,
                    request.message().origin(),
                    request.takenAt(),
                    asked,
                    deadline)
                .orElse(null)
            : support.newest(task, language, prompt, asked, deadline).orElse(null);
    LoadedModel previous = ready.previous();
    boolean both =
        found == null || previous == null || asked.test(Predictor.checkpoint(previous.version()));
    return both
        ? new Job(ready.model(), previous, prompt, found, weights)
        : new Job(ready.only(), null, prompt, found, weights);
  }

  /**
   * The jobs of rows that nobody learns.
   *
   * @param ready leased models; each job gets leases of its own
   */
  public List<Job> jobs(ModelLookup.Ready ready, List<Prompt> prompts) throws InterruptedException {
    long deadline = deadline();
    LoadedModel model = ready.model();
    String task = model.language().task().name();
    support.shorten(task, calibrations.since(task));
    List<Job> jobs = new ArrayList<>(prompts.size());
    for (Prompt prompt : prompts) {
      Evidence found =
          support.newest(task, model.languageHash(), prompt, name -> true, deadline).orElse(null);
      model.retain();
      if (ready.previous() != null) {
        ready.previous().retain();
      }
      jobs.add(new Job(model, ready.previous(), prompt, found, calibrations.weights(task)));
    }
    return jobs;
  }
}
