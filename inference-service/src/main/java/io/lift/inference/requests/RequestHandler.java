package io.lift.inference.requests;

import io.lift.core.row.RejectReason;
import io.lift.inference.models.Calibrations;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelLookup;
import io.lift.inference.models.ModelRegistry;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.PredictionMessage.Timings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Handles a batch of requests. A request is expired, failed, waiting, or answered by the model with
 * the language of its prompt. Models of one batch group share a forward pass.
 */
public final class RequestHandler {

  /**
   * The outcome of one request.
   *
   * @param request the request
   * @param prediction the record to publish; null if the request must wait
   */
  public record Outcome(Request request, PredictionMessage prediction) {
    public boolean waits() {
      return prediction == null;
    }
  }

  /** Reads the table of tasks to its end, see {@code CompactedTable.refresh}. */
  @FunctionalInterface
  public interface TaskRefresh {
    void refresh() throws InterruptedException;
  }

  private final ModelRegistry registry;
  private final MicroBatcher batcher;
  private final Calibrations calibrations;
  private final EvidenceFinder evidence;
  private final TaskRefresh tasks;
  private final Clock clock;

  public RequestHandler(
      ModelRegistry registry,
      MicroBatcher batcher,
      Calibrations calibrations,
      EvidenceFinder evidence,
      TaskRefresh tasks,
      Clock clock) {
    this.registry = registry;
    this.batcher = batcher;
    this.calibrations = calibrations;
    this.evidence = evidence;
    this.tasks = tasks;
    this.clock = clock;
  }

  /** One outcome per request, in order. */
  public List<Outcome> handle(List<Request> requests) throws InterruptedException {
    Outcome[] outcomes = new Outcome[requests.size()];
    List<Integer> scored = new ArrayList<>();
    List<MicroBatcher.Job> jobs = new ArrayList<>();
    boolean refreshed = false;
    long began = System.nanoTime();
    long deadline = evidence.deadline();
    for (int i = 0; i < outcomes.length; i++) {
      Request request = requests.get(i);
      if (request.invalid() != null) {
        outcomes[i] = failed(request, request.invalid());
        continue;
      }
      if (request.expired(clock.millis())) {
        outcomes[i] = new Outcome(request, prediction(request, Status.EXPIRED, null));
        continue;
      }
      ModelLookup lookup = resolve(request);
      if (lookup instanceof ModelLookup.Unknown && !refreshed) {
        // the serializer may have known newer tasks than this service does
        tasks.refresh();
        refreshed = true;
        lookup = resolve(request);
      }
      if (lookup instanceof ModelLookup.Ready ready) {
        scored.add(i);
        jobs.add(evidence.job(ready, request, deadline));
      } else if (lookup instanceof ModelLookup.Wait) {
        outcomes[i] = new Outcome(request, null);
      } else if (lookup instanceof ModelLookup.Unanswerable unanswerable) {
        outcomes[i] = failed(request, unanswerable.reason().code() + ": " + unanswerable.why());
      } else if (lookup instanceof ModelLookup.Unknown unknown) {
        outcomes[i] = failed(request, "unknown-task: " + unknown.why());
      }
    }
    List<CompletableFuture<MicroBatcher.Scored>> results = batcher.submit(jobs);
    for (int j = 0; j < results.size(); j++) {
      int i = scored.get(j);
      outcomes[i] = outcome(requests.get(i), jobs.get(j), results.get(j).join());
    }
    evidence.answered(System.nanoTime() - began);
    return List.of(outcomes);
  }

  private ModelLookup resolve(Request request) {
    try {
      return registry.resolve(request.message().task(), request.message().taskVersion());
    } catch (RuntimeException e) {
      return new ModelLookup.Unanswerable(
          RejectReason.INTERNAL, "the base model does not open for this task: " + e.getMessage());
    }
  }

  private Outcome outcome(Request request, MicroBatcher.Job job, MicroBatcher.Scored scored) {
    LoadedModel model = job.model();
    if (scored.failure() != null) {
      return failed(request, scored.failure());
    }
    double queued = Math.max(0, scored.startedAt() - request.takenAt());
    return new Outcome(
        request,
        new PredictionMessage(
            request.message().task(),
            request.message().row(),
            Status.ANSWERED,
            calibrations.apply(
                model, scored.answer(), scored.predictors() != null, request.message().row()),
            model.checkpoint(),
            model.languageHash(),
            request.message().origin(),
            new Timings(queued, scored.scored(), scored.batch()),
            null,
            request.message().missing(),
            request.message().extrapolated(),
            job.support(),
            scored.predictors()));
  }

  private static Outcome failed(Request request, String why) {
    return new Outcome(request, prediction(request, Status.FAILED, why));
  }

  private static PredictionMessage prediction(Request request, Status status, String message) {
    return new PredictionMessage(
        request.message().task(),
        request.message().row(),
        status,
        null,
        null,
        null,
        request.message().origin(),
        null,
        message);
  }
}
