package io.lift.inference.explanations;

import io.lift.inference.models.ModelLookup;
import io.lift.inference.requests.DeferredAnswers;
import io.lift.inference.requests.MicroBatcher;
import io.lift.inference.requests.MicroBatcher.Job;
import io.lift.inference.requests.Request;
import io.lift.inference.requests.RequestAnswers;
import io.lift.messages.Explanation;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Makes the answers of requests that are to be explained, one after the other on a thread of its
 * own, while the request loop goes on with others. A replica that takes over makes them again.
 */
public final class ExplainedRequests implements DeferredAnswers, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ExplainedRequests.class);

  /** Answers that are being made or wait for their request. */
  private static final int MOST = 64;

  private static final long CLOSE_SECONDS = 5;

  private record Key(TopicPartition partition, long offset) {
    static Key of(Request request) {
      return new Key(request.topicPartition(), request.record().offset());
    }
  }

  private final RequestAnswers answers;
  private final MicroBatcher batcher;
  private final RowExplainer explainer;
  private final Duration timeout;
  private final Map<Key, Future<PredictionMessage>> begun = new HashMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "lift-explaining");
            made.setDaemon(true);
            return made;
          });

  /**
   * @param timeout how long one explanation may take; then its answer goes without it
   */
  public ExplainedRequests(
      RequestAnswers answers, MicroBatcher batcher, RowExplainer explainer, Duration timeout) {
    this.answers = answers;
    this.batcher = batcher;
    this.explainer = explainer;
    this.timeout = timeout;
  }

  @Override
  public boolean ready(Request request) {
    Key key = Key.of(request);
    Future<PredictionMessage> made = begun.get(key);
    if (made != null) {
      return made.isDone();
    }
    if (begun.size() < MOST && !thread.isShutdown()) {
      begun.put(key, thread.submit(() -> answer(request)));
    }
    return false;
  }

  @Override
  public Optional<PredictionMessage> take(Request request) {
    Future<PredictionMessage> made = begun.get(Key.of(request));
    if (made == null || !made.isDone()) {
      return Optional.empty();
    }
    begun.remove(Key.of(request));
    try {
      return Optional.ofNullable(made.get());
    } catch (ExecutionException e) {
      LOG.warnf("an answer that is to be explained is made again: %s", e.getCause().toString());
      LOG.debug("the cause", e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void forget(Request request) {
    Future<PredictionMessage> made = begun.remove(Key.of(request));
    if (made != null) {
      made.cancel(false);
    }
  }

  /** The prediction of a request; null if no model answers it now. */
  private PredictionMessage answer(Request request) throws InterruptedException {
    if (!(answers.resolve(request) instanceof ModelLookup.Ready ready)) {
      return null;
    }
    Job job;
    try {
      job = answers.job(ready, request);
    } catch (RuntimeException e) {
      ready.release();
      LOG.warnf(e, "row %s of task %s fails", request.message().row(), request.message().task());
      return answers.failed(request, "the row cannot be read: " + e.getMessage());
    }
    job.retain();
    try {
      PredictionMessage answer =
          answers.of(request, job, batcher.submit(List.of(job)).get(0).join());
      return answer.status() == Status.ANSWERED
          ? answer.explained(explain(request, job, answer))
          : answer;
    } catch (RejectedExecutionException | CompletionException e) {
      return null; // the service is stopping
    } finally {
      job.release();
    }
  }

  private Explanation explain(Request request, Job job, PredictionMessage answer)
      throws InterruptedException {
    try {
      return explainer.explain(job, request.values(), answer, RowExplainer.deadline(timeout));
    } catch (RejectedExecutionException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warnf(e, "the answer to row %s of task %s is not explained", answer.row(), answer.task());
      return Explanation.none(
          "the explanation failed by a fault of Lift; the log of the inference service has it");
    }
  }

  /** Stops; answers that are not made are made by the next replica. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
