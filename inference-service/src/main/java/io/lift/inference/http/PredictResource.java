package io.lift.inference.http;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.TaskSpec;
import io.lift.inference.ServiceStatus;
import io.lift.inference.config.InferenceConfig;
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
import io.lift.service.http.ApiException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
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
@Path("/predict")
public class PredictResource {
  private final ServiceStatus status;
  private final ModelRegistry registry;
  private final MicroBatcher batcher;
  private final Calibrations calibrations;
  private final EvidenceFinder evidence;
  private final InferenceConfig.Http limits;

  PredictResource(
      ServiceStatus status,
      ModelRegistry registry,
      MicroBatcher batcher,
      Calibrations calibrations,
      EvidenceFinder evidence,
      InferenceConfig config) {
    this.status = status;
    this.registry = registry;
    this.batcher = batcher;
    this.calibrations = calibrations;
    this.evidence = evidence;
    this.limits = config.http();
  }

  /**
   * Answers one row or a list of rows.
   *
   * @param name the task
   * @param body one flat JSON object, or an array of them
   * @return a {@link PredictionMessage}, or an array of them in the order of the rows
   */
  @POST
  @Path("/{task}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @Blocking
  public Object predict(@PathParam("task") String name, byte[] body) {
    RequestLimits.check(body, limits.maxBytes());
    RequestLimits.checkReady(status);
    TaskSpec task =
        registry
            .task(name)
            .orElseThrow(
                () -> new ApiException(Response.Status.NOT_FOUND, "there is no task " + name));
    RowBodies rows = split(body);
    long arrived = System.currentTimeMillis();
    ModelLookup.Ready ready = model(task);
    LoadedModel model = ready.model();
    try {
      List<Row> parsed = parse(model.language(), rows);
      List<Job> jobs = evidence.jobs(ready, parsed.stream().map(model.language()::prompt).toList());
      List<Scored> scored = score(jobs);
      List<PredictionMessage> predictions = new ArrayList<>(scored.size());
      String id = UUID.randomUUID().toString();
      for (int i = 0; i < scored.size(); i++) {
        String row = rows.list() ? id + "/" + i : id;
        predictions.add(prediction(row, parsed.get(i), jobs.get(i), scored.get(i), arrived));
      }
      return rows.list() ? predictions : predictions.get(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RequestLimits.notReady(status);
    } finally {
      ready.release();
    }
  }

  private RowBodies split(byte[] body) {
    try {
      return RowBodies.of(body, limits.maxRows());
    } catch (RowBodies.Malformed e) {
      throw new ApiException(Response.Status.BAD_REQUEST, e.getMessage());
    } catch (RowBodies.TooMany e) {
      throw new ApiException(Response.Status.REQUEST_ENTITY_TOO_LARGE, e.getMessage());
    }
  }

  private static List<Row> parse(TaskLanguage language, RowBodies rows) {
    RowParser parser = new RowParser(language.task());
    List<Row> parsed = new ArrayList<>(rows.rows().size());
    for (byte[] row : rows.rows()) {
      try {
        parsed.add(parser.parse(row));
      } catch (RowRejectedException e) {
        String which = rows.list() ? "row %d: ".formatted(parsed.size()) : "";
        throw new ApiException(Response.Status.BAD_REQUEST, which + e.getMessage());
      }
    }
    return parsed;
  }

  private ModelLookup.Ready model(TaskSpec task) {
    ModelLookup lookup = registry.resolve(task.name(), task.version());
    if (lookup instanceof ModelLookup.Ready ready) {
      return ready;
    }
    if (lookup instanceof ModelLookup.Wait wait) {
      throw new ApiException(Response.Status.SERVICE_UNAVAILABLE, wait.why());
    }
    throw new ApiException(Response.Status.NOT_FOUND, "task %s is gone".formatted(task.name()));
  }

  private List<Scored> score(List<Job> jobs) throws InterruptedException {
    try {
      long deadline = System.nanoTime() + limits.timeout().toNanos();
      List<Scored> scored = new ArrayList<>(jobs.size());
      for (CompletableFuture<Scored> result : batcher.offer(jobs)) {
        scored.add(result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
      }
      return scored;
    } catch (RejectedExecutionException e) {
      throw new ApiException(Response.Status.SERVICE_UNAVAILABLE, e.getMessage());
    } catch (TimeoutException e) {
      throw new ApiException(
          Response.Status.SERVICE_UNAVAILABLE,
          "the rows were not scored within " + limits.timeout());
    } catch (ExecutionException e) {
      throw new ApiException(
          Response.Status.SERVICE_UNAVAILABLE,
          "the rows cannot be scored: " + e.getCause().getMessage());
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
