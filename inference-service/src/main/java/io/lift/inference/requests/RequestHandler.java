package io.lift.inference.requests;

import io.lift.inference.models.ModelLookup;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Handles a batch of requests. A request is expired, failed, waiting, or answered by the model with
 * the language of its prompt. Models of one batch group share a forward pass. A request whose
 * answer is to be explained waits until that is made.
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

  private final RequestAnswers answers;
  private final MicroBatcher batcher;
  private final EvidenceFinder evidence;
  private final DeferredAnswers deferred;
  private final TaskRefresh tasks;
  private final Clock clock;

  /**
   * @param deferred makes the answers that are explained
   */
  public RequestHandler(
      RequestAnswers answers,
      MicroBatcher batcher,
      EvidenceFinder evidence,
      DeferredAnswers deferred,
      TaskRefresh tasks,
      Clock clock) {
    this.answers = answers;
    this.batcher = batcher;
    this.evidence = evidence;
    this.deferred = deferred;
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
        outcomes[i] = new Outcome(request, RequestAnswers.without(request, Status.EXPIRED, null));
        continue;
      }
      ModelLookup lookup = answers.resolve(request);
      if (lookup instanceof ModelLookup.Unknown && !refreshed) {
        // the serializer may have known newer tasks than this service does
        tasks.refresh();
        refreshed = true;
        lookup = answers.resolve(request);
      }
      if (lookup instanceof ModelLookup.Ready ready && request.explained()) {
        ready.release();
        outcomes[i] = new Outcome(request, deferred.take(request).orElse(null));
      } else if (lookup instanceof ModelLookup.Ready ready) {
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
      outcomes[i] =
          new Outcome(
              requests.get(i), answers.of(requests.get(i), jobs.get(j), results.get(j).join()));
    }
    evidence.answered(System.nanoTime() - began);
    return List.of(outcomes);
  }

  private static Outcome failed(Request request, String why) {
    return new Outcome(request, RequestAnswers.without(request, Status.FAILED, why));
  }
}
