package io.lift.inference.requests;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.Model;
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
 * Joins the waiting prompts, from Kafka and from HTTP, into one batch per {@linkplain
 * Model.BatchGroup batch group}: one for each embedded model, one for all adapters of a published
 * model. Scores on one thread of its own. It never waits for a batch to fill: the next batch
 * gathers while one computes, so batches grow with the load and a single request is scored at once.
 */
public final class MicroBatcher implements AutoCloseable {

  /**
   * One prompt to score.
   *
   * @param model the model that answers; leased by the caller, released by the batcher
   * @param prompt the row
   */
  public record Job(LoadedModel model, Prompt prompt) {

    /** A job with a lease of its own, for a caller that keeps its lease. */
    public static Job lease(LoadedModel model, Prompt prompt) {
      model.retain();
      return new Job(model, prompt);
    }
  }

  /**
   * The result of one job.
   *
   * @param answer the answer, or null if the model failed on this prompt
   * @param failure why the model failed, or null
   * @param startedAt epoch milliseconds at which its batch began
   * @param scored milliseconds that its batch computed
   * @param batch prompts in that batch, of all tasks
   */
  public record Scored(Answer answer, String failure, long startedAt, double scored, int batch) {}

  /** Is told of each batch. */
  @FunctionalInterface
  public interface Observer {
    /**
     * @param models the number of prompts that each model answered
     * @param nanos time of the forward pass
     */
    void scored(Map<LoadedModel, Integer> models, long nanos);
  }

  private record Pending(Job job, CompletableFuture<Scored> result) {}

  private final int maxBatch;
  private final int maxQueued;
  private final Observer observer;
  private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
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
      jobs.forEach(job -> job.model().release());
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
      jobs.forEach(job -> job.model().release());
      throw new RejectedExecutionException("the service is stopping");
    }
    List<CompletableFuture<Scored>> results = new ArrayList<>(jobs.size());
    for (Job job : jobs) {
      Pending pending = new Pending(job, new CompletableFuture<>());
      results.add(pending.result);
      queue.add(pending);
    }
    return results;
  }

  private void run() {
    List<Pending> batch = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      try {
        Pending first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, maxBatch - 1);
        byGroup(batch).forEach(this::score);
      } catch (InterruptedException e) {
        closed = true;
      } finally {
        batch.clear();
      }
    }
  }

  private static Map<Model.BatchGroup, List<Pending>> byGroup(List<Pending> batch) {
    Map<Model.BatchGroup, List<Pending>> groups = new IdentityHashMap<>();
    for (Pending pending : batch) {
      groups
          .computeIfAbsent(pending.job.model().batchGroup(), group -> new ArrayList<>())
          .add(pending);
    }
    return groups;
  }

  private void score(Model.BatchGroup group, List<Pending> batch) {
    long startedAt = System.currentTimeMillis();
    long began = System.nanoTime();
    try {
      List<Answer> answers =
          group.score(batch.stream().map(p -> p.job.model().row(p.job.prompt())).toList());
      long nanos = System.nanoTime() - began;
      for (int i = 0; i < batch.size(); i++) {
        batch
            .get(i)
            .result
            .complete(new Scored(answers.get(i), null, startedAt, nanos / 1e6, batch.size()));
      }
      Map<LoadedModel, Integer> models = new IdentityHashMap<>();
      batch.forEach(p -> models.merge(p.job.model(), 1, Integer::sum));
      observer.scored(models, nanos);
    } catch (RuntimeException e) {
      // one prompt may have failed the whole batch, so each is scored by itself
      batch.forEach(p -> p.result.complete(scoreAlone(group, p.job)));
    } catch (Error e) {
      closed = true; // the process is unsound, so no caller may wait for this thread
      batch.forEach(p -> p.result.completeExceptionally(e));
      throw e;
    } finally {
      batch.forEach(p -> p.job.model().release());
    }
  }

  private static Scored scoreAlone(Model.BatchGroup group, Job job) {
    long startedAt = System.currentTimeMillis();
    long began = System.nanoTime();
    try {
      Answer answer = group.score(List.of(job.model().row(job.prompt()))).get(0);
      return new Scored(answer, null, startedAt, (System.nanoTime() - began) / 1e6, 1);
    } catch (RuntimeException e) {
      return new Scored(
          null,
          "the model cannot score this prompt: " + e.getMessage(),
          startedAt,
          (System.nanoTime() - began) / 1e6,
          1);
    }
  }

  /** Scores the queued jobs, then stops. */
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
