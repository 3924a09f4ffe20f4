package io.lift.bench.paper;

import io.lift.cli.CliError;
import io.lift.cli.term.Durations;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the cells that have no result yet, one after the other. A failed one stops no other. */
final class PaperRun {
  private final Sets sets;
  private final CellFiles files;
  private final Method lift;
  private final Method baselines = new BaselineMethod();
  private final Terminal terminal;
  private final Map<Cell, String> failures = new LinkedHashMap<>();

  PaperRun(Sets sets, CellFiles files, Method lift, Terminal terminal) {
    this.sets = sets;
    this.files = files;
    this.lift = lift;
    this.terminal = terminal;
  }

  /**
   * @param cells in the order to run them in
   * @param afterEach called when a cell has its result
   */
  void run(List<Cell> cells, Runnable afterEach) throws InterruptedException {
    Map<Cell, Double> costs = new LinkedHashMap<>();
    for (Cell cell : cells) {
      if (!files.has(cell)) {
        costs.computeIfAbsent(cell, this::cost);
      }
    }
    double rest = costs.values().stream().mapToDouble(cost -> cost).sum();
    double spent = 0;
    long started = System.nanoTime();
    ExecutorService worker = Executors.newSingleThreadExecutor(PaperRun::daemon);
    try (ProgressBar bar = new ProgressBar(terminal, "paper", "cells", costs.size())) {
      int done = 0;
      for (Map.Entry<Cell, Double> next : costs.entrySet()) {
        Future<CellResult> result = worker.submit(() -> run(next.getKey()));
        while (!isDone(result)) {
          bar.set(done, next.getKey().key() + left(System.nanoTime() - started, spent, rest));
        }
        finish(next.getKey(), result, afterEach);
        spent += next.getValue();
        rest -= next.getValue();
        bar.set(++done);
      }
      bar.set(done, failures.isEmpty() ? "" : failures.size() + " failed");
    } finally {
      worker.shutdownNow();
    }
  }

  /** Why cells failed. */
  Map<Cell, String> failures() {
    return failures;
  }

  private CellResult run(Cell cell) throws InterruptedException {
    Method method = cell.method().equals(Experiment.LIFT) ? lift : baselines;
    return method.run(cell, cell.data(sets));
  }

  private static boolean isDone(Future<CellResult> result) throws InterruptedException {
    try {
      result.get(500, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }

  private void finish(Cell cell, Future<CellResult> result, Runnable afterEach)
      throws InterruptedException {
    try {
      files.write(result.get());
      afterEach.run();
    } catch (ExecutionException e) {
      String reason = e.getCause().getMessage();
      failures.put(cell, e.getCause() instanceof CliError ? reason : e.getCause().toString());
      terminal.clearLine();
      terminal.out().println(cell.key() + " failed: " + failures.get(cell));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String left(long elapsedNanos, double spent, double rest) {
    if (spent == 0) {
      return "";
    }
    long millis = (long) (elapsedNanos / 1e6 * rest / spent);
    return ", about " + Durations.show(millis) + " left";
  }

  /** Roughly how many seconds a cell takes; only the proportions matter. */
  private double cost(Cell cell) {
    SetData data = cell.data(sets);
    double numbers = (double) data.train().size() * data.train().get(0).size();
    return cell.method().equals(Experiment.LIFT) ? 4 + numbers / 1000 : 0.1 + numbers / 20_000;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "cell");
    thread.setDaemon(true);
    return thread;
  }
}
