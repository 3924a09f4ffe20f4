package io.lift.inference.calls;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.TaskSpec;
import io.lift.inference.ServiceStatus;
import io.lift.inference.calls.CallException.Kind;
import io.lift.inference.config.InferenceConfig;
import io.lift.inference.explanations.RowExplainer;
import io.lift.inference.models.Calibrations;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelLookup;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.requests.EvidenceFinder;
import io.lift.inference.requests.MicroBatcher;
import io.lift.inference.requests.MicroBatcher.Job;
import io.lift.inference.requests.MicroBatcher.Scored;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.PredictionMessage.Timings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Synchronous answers from the same models and micro-batches as on Kafka. Nothing of a call is
 * published.
 */
@ApplicationScoped
public class RowAnswers {
  private final ServiceStatus status;
  private final ModelRegistry registry;
  private final MicroBatcher batcher;
  private final Calibrations calibrations;
  private final EvidenceFinder evidence;
  private final RowExplainer explainer;
  private final InferenceConfig.Http limits;
  private final InferenceConfig.Explain explanations;

  RowAnswers(
      ServiceStatus status,
      ModelRegistry registry,
      MicroBatcher batcher,
      Calibrations calibrations,
      EvidenceFinder evidence,
      RowExplainer explainer,
      InferenceConfig config) {
    this.status = status;
    this.registry = registry;
    this.batcher = batcher;
    this.calibrations = calibrations;
    this.evidence = evidence;
    this.explainer = explainer;
    this.limits = config.http();
    this.explanations = config.explain();
  }

  /** Rows that one call may have at most. */
  public int maxRows() {
    return limits.maxRows();
  }

  /**
   * @throws CallException if a call has more bytes than one may have, or the service is not ready
   */
  public void check(long bytes) throws CallException {
    if (bytes > limits.maxBytes()) {
      throw new CallException(
          Kind.TOO_LARGE, "one call may have %d bytes at most".formatted(limits.maxBytes()));
    }
    if (!status.ready()) {
      throw new CallException(Kind.UNAVAILABLE, status.whyNotReady());
    }
  }

  /**
   * The newest version of a task.
   *
   * @throws CallException if there is no such task
   */
  public TaskSpec task(String name) throws CallException {
    return registry
        .task(name)
        .orElseThrow(() -> new CallException(Kind.NOT_FOUND, "there is no task " + name));
  }

  /**
   * The version of the checkpoint that answers a task now; 0 is the base model.
   *
   * @throws CallException if no model answers the task yet
   */
  public long version(TaskSpec task) throws CallException {
    ModelLookup.Ready ready = model(task);
    try {
      return ready.model().version();
    } finally {
      ready.release();
    }
  }

  /**
   * Answers rows.
   *
   * @param version the version of the checkpoint that must answer; null for the newest
   * @param rows each row as JSON, as on {@code lift.rows}
   * @param list whether messages say which row they are about
   * @param explain whether the answers are to be explained
   * @throws CallException if a row cannot be used, or no model answers in time
   */
  public Answers answer(
      TaskSpec task, Long version, List<byte[]> rows, boolean list, boolean explain)
      throws CallException {
    if (explain && rows.size() > explanations.maxRows()) {
      throw new CallException(
          Kind.TOO_LARGE,
          "one call may have %d rows at most if they are to be explained"
              .formatted(explanations.maxRows()));
    }
    if (rows.size() > limits.maxRows()) {
      throw new CallException(
          Kind.TOO_LARGE, "one call may have %d rows at most".formatted(limits.maxRows()));
    }
    long arrived = System.currentTimeMillis();
    ModelLookup.Ready ready = model(task);
    LoadedModel model = ready.model();
    try {
      if (version != null && version != model.version()) {
        throw notServed(task.name(), version.toString(), model.version());
      }
      List<Row> parsed = parse(model.language(), rows, list);
      List<Job> jobs = evidence.jobs(ready, parsed.stream().map(model.language()::prompt).toList());
      List<PredictionMessage> predictions =
          explain
              ? explained(jobs, parsed, list, arrived)
              : predictions(jobs, parsed, list, arrived);
      return new Answers(model.language().task(), model.version(), predictions);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallException(Kind.UNAVAILABLE, "the service is stopping");
    } finally {
      ready.release();
    }
  }

  private List<PredictionMessage> predictions(
      List<Job> jobs, List<Row> rows, boolean list, long arrived)
      throws InterruptedException, CallException {
    List<Scored> scored = score(jobs);
    List<PredictionMessage> predictions = new ArrayList<>(scored.size());
    String id = UUID.randomUUID().toString();
    for (int i = 0; i < scored.size(); i++) {
      String row = list ? id + "/" + i : id;
      predictions.add(prediction(row, rows.get(i), jobs.get(i), scored.get(i), arrived));
    }
    return predictions;
  }

  private List<PredictionMessage> explained(
      List<Job> jobs, List<Row> rows, boolean list, long arrived)
      throws InterruptedException, CallException {
    jobs.forEach(Job::retain);
    try {
      long deadline = RowExplainer.deadline(limits.timeout());
      List<PredictionMessage> predictions = predictions(jobs, rows, list, arrived);
      for (int i = 0; i < predictions.size(); i++) {
        PredictionMessage answer = predictions.get(i);
        if (answer.status() == Status.ANSWERED) {
          predictions.set(
              i,
              answer.explained(
                  explainer.explain(jobs.get(i), rows.get(i).values(), answer, deadline)));
        }
      }
      return predictions;
    } catch (RejectedExecutionException e) {
      throw new CallException(Kind.UNAVAILABLE, e.getMessage());
    } finally {
      jobs.forEach(Job::release);
    }
  }

  /** The answer to a call for a version that is not the one that answers. */
  public static CallException notServed(String task, String version, long served) {
    return new CallException(
        Kind.NOT_FOUND,
        "version %s of task %s is not served; version %d is".formatted(version, task, served));
  }

  private static List<Row> parse(TaskLanguage language, List<byte[]> rows, boolean list)
      throws CallException {
    RowParser parser = new RowParser(language.task());
    List<Row> parsed = new ArrayList<>(rows.size());
    for (byte[] row : rows) {
      try {
        parsed.add(parser.parse(row));
      } catch (RowRejectedException e) {
        String which = list ? "row %d: ".formatted(parsed.size()) : "";
        throw new CallException(Kind.INVALID, which + e.getMessage());
      }
    }
    return parsed;
  }

  private ModelLookup.Ready model(TaskSpec task) throws CallException {
    ModelLookup lookup = registry.resolve(task.name(), task.version());
    if (lookup instanceof ModelLookup.Ready ready) {
      return ready;
    }
    if (lookup instanceof ModelLookup.Wait wait) {
      throw new CallException(Kind.UNAVAILABLE, wait.why());
    }
    throw new CallException(Kind.NOT_FOUND, "task %s is gone".formatted(task.name()));
  }

  private List<Scored> score(List<Job> jobs) throws InterruptedException, CallException {
    try {
      long deadline = System.nanoTime() + limits.timeout().toNanos();
      List<Scored> scored = new ArrayList<>(jobs.size());
      for (CompletableFuture<Scored> result : batcher.offer(jobs)) {
        scored.add(result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
      }
      return scored;
    } catch (RejectedExecutionException e) {
      throw new CallException(Kind.UNAVAILABLE, e.getMessage());
    } catch (TimeoutException e) {
      throw new CallException(
          Kind.UNAVAILABLE, "the rows were not scored within " + limits.timeout());
    } catch (ExecutionException e) {
      throw new CallException(
          Kind.UNAVAILABLE, "the rows cannot be scored: " + e.getCause().getMessage());
    }
  }

  private PredictionMessage prediction(
      String row, Row parsed, Job job, Scored scored, long arrived) {
    LoadedModel model = job.model();
    boolean answered = scored.failure() == null;
    List<String> unknown = parsed.unknown();
    List<String> beyond = model.language().extrapolated(parsed);
    return new PredictionMessage(
        model.language().task().name(),
        row,
        answered ? Status.ANSWERED : Status.FAILED,
        answered
            ? calibrations.apply(model, scored.answer(), scored.predictors() != null, row)
            : null,
        answered ? model.checkpoint() : null,
        model.languageHash(),
        null,
        new Timings(Math.max(0, scored.startedAt() - arrived), scored.scored(), scored.batch()),
        scored.failure(),
        unknown.isEmpty() ? null : unknown,
        beyond.isEmpty() ? null : beyond,
        job.support(),
        scored.predictors());
  }
}
