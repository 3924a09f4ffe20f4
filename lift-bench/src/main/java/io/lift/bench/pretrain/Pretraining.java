package io.lift.bench.pretrain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A pretraining that can stop and go on. Its numbers are a function of the seed and the step, so it
 * ends in the same bytes in one go and in several. Tables are drawn on threads of their own.
 */
final class Pretraining implements AutoCloseable {
  private static final int AHEAD = 4; // steps whose tables are drawn before they are needed

  private final TransformerTraining training;
  private final ExecutorService drawing;
  private final Queue<Future<List<TableBatch>>> drawn = new ArrayDeque<>();
  private final Schedule schedule;
  private final long seed;
  private long step;
  private long drawnTo;
  private long tables;
  private final double secondsBefore;
  private final long started = System.nanoTime();

  Pretraining(PretrainingState from, Schedule schedule, String device, int threads) {
    this.training = new TransformerTraining(from, device);
    this.schedule = schedule;
    this.seed = from.progress().seed();
    this.step = from.progress().step();
    this.drawnTo = step;
    this.tables = from.progress().tables();
    this.secondsBefore = from.progress().seconds();
    this.drawing =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "tables");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Steps done. */
  long step() {
    return step;
  }

  /** One step; null if it was left out because a gradient was not finite. */
  List<TransformerTraining.Report> next() {
    while (drawn.size() < AHEAD) {
      long at = drawnTo++;
      drawn.add(drawing.submit(() -> draw(seed, at)));
    }
    List<TableBatch> batches;
    try {
      batches = drawn.remove().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    List<TransformerTraining.Report> reports =
        training.update(batches, schedule.muonRate(step), schedule.adamRate(step), step + 1);
    step++;
    tables += batches.stream().mapToInt(TableBatch::tables).sum();
    return reports;
  }

  private static List<TableBatch> draw(long seed, long step) {
    List<TableBatch> batches = new ArrayList<>();
    for (TableBatch.Size size : Curriculum.sizes(seed, step)) {
      batches.add(TableBatch.draw(seed, step, batches.size(), size));
    }
    return batches;
  }

  /** How good the model is on tables that are not pretrained on. */
  TransformerTraining.Report evaluate(TableBatch batch) {
    return training.evaluate(batch);
  }

  /** Everything needed to go on. */
  PretrainingState state() {
    double seconds = secondsBefore + (System.nanoTime() - started) / 1e9;
    return training.state(new PretrainingState.Progress(seed, step, tables, seconds));
  }

  @Override
  public void close() {
    drawing.shutdownNow();
    training.close();
  }
}
