package io.lift.inference.generation;

import io.lift.core.row.GivenValues;
import io.lift.core.row.RejectReason;
import io.lift.core.task.TaskSpec;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelLookup;
import io.lift.inference.models.ModelRegistry;
import io.lift.messages.GenerateMessage;
import io.lift.messages.GeneratedMessage;
import io.lift.model.scoring.RowSampler.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Samples the rows of one request at a time, since sampling takes long and answers must stay quick
 * meanwhile. Thread-safe.
 */
public final class RowGenerator {
  private static final double LARGEST_WHOLE = 1e15;
  private static final long POLL_MILLIS = 20;

  private final ModelRegistry registry;
  private final TableRefresh tables;
  private final ReentrantLock busy = new ReentrantLock(true);

  /** Reads the tables of tasks and checkpoints to their ends. */
  @FunctionalInterface
  public interface TableRefresh {
    void refresh() throws InterruptedException;
  }

  public RowGenerator(ModelRegistry registry, TableRefresh tables) {
    this.registry = registry;
    this.tables = tables;
  }

  /**
   * Samples the rows of a request.
   *
   * @param maxRows rows of a request at most
   * @param timeout how long to wait for a model that is being loaded and for earlier requests
   * @return at least one row; the same rows from the same checkpoint
   * @throws GenerationException if the request leads to no rows
   */
  public List<GeneratedMessage> generate(GenerateMessage request, int maxRows, Duration timeout)
      throws GenerationException, InterruptedException {
    check(request, maxRows);
    TaskSpec task = task(request.task());
    Map<String, Object> given = given(task, request);
    long until = System.nanoTime() + timeout.toNanos();
    LoadedModel model = model(task, until);
    try {
      if (!busy.tryLock(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new GenerationException(
            RejectReason.INTERNAL, "rows of other requests are being generated: ask again");
      }
      try {
        return messages(request, model, sample(request, model, given));
      } finally {
        busy.unlock();
      }
    } finally {
      model.release();
    }
  }

  private static void check(GenerateMessage request, int maxRows) throws GenerationException {
    if (request.rows() < 1 || request.rows() > maxRows) {
      throw invalid("rows is a number from 1 to %d, not %d".formatted(maxRows, request.rows()));
    }
    Double temperature = request.temperature();
    if (temperature != null && !(temperature >= 0 && Double.isFinite(temperature))) {
      throw invalid("temperature is a number of 0 or more, not " + temperature);
    }
  }

  private TaskSpec task(String name) throws GenerationException, InterruptedException {
    Optional<TaskSpec> known = registry.task(name);
    if (known.isEmpty()) {
      tables.refresh(); // it may have been created a moment ago
      known = registry.task(name);
    }
    TaskSpec task =
        known.orElseThrow(
            () -> new GenerationException(RejectReason.UNKNOWN_TASK, "there is no task " + name));
    if (!task.training().methodOrPlain().generates()) {
      throw invalid("task %s was not created to generate rows (--generate)".formatted(name));
    }
    return task;
  }

  private static Map<String, Object> given(TaskSpec task, GenerateMessage request)
      throws GenerationException {
    try {
      return request.given() == null ? Map.of() : GivenValues.read(task, request.given());
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage());
    }
  }

  /** The task's checkpoint, leased to the caller. */
  private LoadedModel model(TaskSpec task, long until)
      throws GenerationException, InterruptedException {
    boolean refreshed = false;
    while (true) {
      ModelLookup lookup = registry.resolve(task.name(), task.version());
      if (lookup instanceof ModelLookup.Ready ready) {
        LoadedModel model = ready.only();
        if (model.version() > 0) {
          return model;
        }
        model.release(); // the base model has learned nothing yet
      }
      if (registry.hasPendingCheckpoint(task.name()) && System.nanoTime() < until) {
        Thread.sleep(POLL_MILLIS);
      } else if (!refreshed) {
        tables.refresh(); // it may have been trained a moment ago
        refreshed = true;
      } else {
        throw new GenerationException(
            RejectReason.NO_CHECKPOINT,
            "task %s has no checkpoint yet: send it rows, and ask again once it has learned them"
                .formatted(task.name()));
      }
    }
  }

  private static Sample sample(
      GenerateMessage request, LoadedModel model, Map<String, Object> given)
      throws GenerationException {
    double temperature = request.temperature() == null ? 1 : request.temperature();
    long seed = request.seed() == null ? request.id().hashCode() : request.seed();
    Sample sample;
    try {
      sample = model.sample(given, request.rows(), temperature, seed);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new GenerationException(
          RejectReason.INTERNAL, "the rows cannot be generated: " + e.getMessage());
    }
    if (sample.rows().isEmpty()) {
      throw new GenerationException(
          RejectReason.NOTHING_GENERATED,
          "none of %d drafts of task %s was a row of its schema: train it for longer, or lower the temperature"
              .formatted(sample.rejected(), request.task()));
    }
    return sample;
  }

  private static List<GeneratedMessage> messages(
      GenerateMessage request, LoadedModel model, Sample sample) {
    List<GeneratedMessage> messages = new ArrayList<>(sample.rows().size());
    for (Map<String, Object> row : sample.rows()) {
      Map<String, Object> values = new LinkedHashMap<>();
      row.forEach((column, value) -> values.put(column, plain(value)));
      messages.add(
          new GeneratedMessage(
              request.id(),
              request.task(),
              messages.size() + 1,
              sample.rows().size(),
              values,
              sample.rejected(),
              model.checkpoint()));
    }
    return messages;
  }

  /** Whole numbers become integers, as in tables. */
  private static Object plain(Object value) {
    return value instanceof Double number
            && number == Math.rint(number)
            && Math.abs(number) < LARGEST_WHOLE
        ? (Object) number.longValue()
        : value;
  }

  private static GenerationException invalid(String why) {
    return new GenerationException(RejectReason.INVALID_REQUEST, why);
  }
}
