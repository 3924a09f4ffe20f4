package io.lift.inference.requests;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.support.Evidence;
import io.lift.messages.PredictionMessage;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Gathers prompts of all tasks into batches, which a {@link JobScorer} scores on one thread. It
 * never waits for a batch to fill: the next batch gathers while one computes, so batches grow with
 * the load and a single request is scored at once.
 */
public final class MicroBatcher implements AutoCloseable {

  /**
   * One prompt to score. Its leases are the caller's, and the batcher releases them.
   *
   * @param model the checkpoint that answers, or the base model
   * @param previous the checkpoint before it; null for none
   * @param prompt the row
   * @param evidence the labelled rows before it; null for none
   * @param weights what is known of the task's predictors
   */
  public record Job(
      LoadedModel model,
      LoadedModel previous,
      Prompt prompt,
      Evidence evidence,
      Map<String, Double> weights) {

    /** A model that answers alone. */
    public Job(LoadedModel model, Prompt prompt) {
      this(model, null, prompt, null, Map.of());
    }

    /** The labelled rows that the answer is based on; null for none. */
    public PredictionMessage.Support support() {
      return evidence == null ? null : evidence.support();
    }

    /** Takes its leases once more, for a caller that needs them after it was scored. */
    public void retain() {
      model.retain();
      if (previous != null) {
        previous.retain();
      }
      if (evidence != null) {
        evidence.retain();
      }
    }

    /**
     * The job of a changed row: the same models, weights and labelled rows. It has leases of its
     * own.
     */
    public Job of(Prompt changed) {
      model.retain();
      if (previous != null) {
        previous.retain();
      }
      return new Job(
          model, previous, changed, evidence == null ? null : evidence.of(changed), weights);
    }

    /** Gives its leases back. */
    public void release() {
      model.release();
      if (previous != null) {
        previous.release();
      }
      if (evidence != null) {
        evidence.release();
      }
    }
  }

  /**
   * The result of one job.
   *
   * @param answer the answer, or null if it failed on this prompt
   * @param predictors what the answer is the mixture of; null where the model answered alone
   * @param failure why it failed, or null
   * @param startedAt epoch milliseconds at which its batch began
   * @param scored milliseconds that its batch computed
   * @param batch prompts in that batch, of all tasks
   */
  public record Scored(
      Answer answer,
      List<PredictionMessage.Predictor> predictors,
      String failure,
      long startedAt,
      double scored,
      int batch) {}

  /** Is told of each batch. */
  @FunctionalInterface
  public interface Observer {
    /**
     * @param models the number of prompts that each model answered
     * @param nanos time of the forward pass
     */
    void scored(Map<LoadedModel, Integer> models, long nanos);

    /** A batch of prompts of {@link #submitLater}. */
    default void scoredLater(int prompts, long nanos) {}
  }

  /** A job and the future of its result. */
  record Pending(Job job, CompletableFuture<Scored> result) {}

  /** Tells the thread that there is something in the other queue. */
  private static final Pending WAKE = new Pending(null, null);

  private static final String STOPPING = "the service is stopping";

  private final int maxBatch;
  private final int maxQueued;
  private final Observer observer;
  private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final LaterJobs later = new LaterJobs();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param maxBatch prompts in one forward pass at most
   * @param maxQueued prompts waiting at most, before {@link #offer} rejects
   */
  public MicroBatcher(int maxBatch, int maxQueued, Observer observer) {
    this.maxBatch = maxBatch;
    this.maxQueued = maxQueued;
    this.observer = observer;
    this.thread = new Thread(this::run, "lift-scoring");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Queues jobs, unless too many are waiting.
   *
   * @return as {@link #submit}
   * @throws RejectedExecutionException if too many jobs are waiting; the leases are then released
   */
  public List<CompletableFuture<Scored>> offer(List<Job> jobs) {
    if (queue.size() + jobs.size() > maxQueued) {
      jobs.forEach(Job::release);
      throw new RejectedExecutionException("too many rows are waiting to be scored");
    }
    return submit(jobs);
  }

  /**
   * Queues jobs of a caller that limits their number.
   *
   * @return one future per job, in the same order
   * @throws RejectedExecutionException if the batcher is closed; the leases are then released
   */
  public List<CompletableFuture<Scored>> submit(List<Job> jobs) {
    if (closed) {
      jobs.forEach(Job::release);
      throw new RejectedExecutionException(STOPPING);
    }
    List<CompletableFuture<Scored>> results = new ArrayList<>(jobs.size());
    for (Job job : jobs) {
      Pending pending = new Pending(job, new CompletableFuture<>());
      results.add(pending.result);
      queue.add(pending);
    }
    return results;
  }

  /**
   * Queues jobs that are scored whenever no others wait, in batches of a tenth of a second at most
   * (or of one job). So others wait for no more than that.
   *
   * @return as {@link #submit}
   * @throws RejectedExecutionException if the batcher is closed; the leases are then released
   */
  public List<CompletableFuture<Scored>> submitLater(List<Job> jobs) {
    if (closed) {
      jobs.forEach(Job::release);
      throw new RejectedExecutionException(STOPPING);
    }
    List<Pending> all =
        jobs.stream().map(job -> new Pending(job, new CompletableFuture<>())).toList();
    later.add(all);
    queue.add(WAKE);
    return all.stream().map(Pending::result).toList();
  }

  private void run() {
    List<Pending> batch = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      try {
        Pending first = queue.poll(later.isEmpty() ? 100 : 0, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, maxBatch - 1);
          batch.removeIf(pending -> pending == WAKE);
        }
        if (!batch.isEmpty()) {
          score(batch, false);
        } else if (!closed) {
          later.take(batch);
          score(batch, true);
        }
      } catch (InterruptedException e) {
        closed = true;
      } finally {
        batch.clear();
      }
    }
    later.reject(STOPPING);
  }

  private void score(List<Pending> batch, boolean isLater) {
    if (batch.isEmpty()) {
      return;
    }
    long startedAt = System.currentTimeMillis();
    long began = System.nanoTime();
    try {
      List<JobScorer.Mixed> answers = JobScorer.score(batch.stream().map(Pending::job).toList());
      long nanos = System.nanoTime() - began;
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).result.complete(scored(answers.get(i), startedAt, nanos, batch.size()));
      }
      tell(batch, isLater, nanos);
    } catch (RuntimeException e) {
      // one prompt may have failed the whole batch, so each is scored by itself
      batch.forEach(p -> p.result.complete(scoreAlone(p.job)));
    } catch (Error e) {
      closed = true; // the process is unsound, so no caller may wait for this thread
      batch.forEach(p -> p.result.completeExceptionally(e));
      throw e;
    } finally {
      batch.forEach(p -> p.job.release());
    }
  }

  private void tell(List<Pending> batch, boolean isLater, long nanos) {
    if (isLater) {
      later.took(nanos);
      observer.scoredLater(batch.size(), nanos);
      return;
    }
    Map<LoadedModel, Integer> models = new IdentityHashMap<>();
    batch.forEach(p -> models.merge(p.job.model(), 1, Integer::sum));
    observer.scored(models, nanos);
  }

  private static Scored scoreAlone(Job job) {
    long startedAt = System.currentTimeMillis();
    long began = System.nanoTime();
    try {
      JobScorer.Mixed answer = JobScorer.score(List.of(job)).get(0);
      return scored(answer, startedAt, System.nanoTime() - began, 1);
    } catch (RuntimeException e) {
      return new Scored(
          null,
          null,
          "the model cannot score this prompt: " + e.getMessage(),
          startedAt,
          (System.nanoTime() - began) / 1e6,
          1);
    }
  }

  private static Scored scored(JobScorer.Mixed answer, long startedAt, long nanos, int batch) {
    return new Scored(answer.answer(), answer.predictors(), null, startedAt, nanos / 1e6, batch);
  }

  /** Scores the queued jobs, but not those of {@link #submitLater}, then stops. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
