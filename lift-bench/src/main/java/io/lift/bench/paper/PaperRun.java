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
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Runs the cells that have no result yet, several at once. A failed one stops no other. */
final class PaperRun {
  private static final long REDRAW_MILLIS = 500;

  private final Sets sets;
  private final CellFiles files;
  private final BlockingQueue<Method> idle;
  private final Method baselines = new BaselineMethod();
  private final Terminal terminal;
  private final Map<Cell, String> failures = new LinkedHashMap<>();
  private final Set<String> running = new ConcurrentSkipListSet<>();

  /**
   * @param lifts who run Lift's cells, each one at a time: so many cells run at once
   */
  PaperRun(Sets sets, CellFiles files, List<? extends Method> lifts, Terminal terminal) {
    this.sets = sets;
    this.files = files;
    this.idle = new ArrayBlockingQueue<>(lifts.size(), false, lifts);
    this.terminal = terminal;
  }

  /** A cell with its result, or with why there is none. */
  private record Ended(Cell cell, CellResult result, Throwable failure) {}

  /**
   * @param cells in the order to begin them in
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
    ExecutorService workers = Executors.newFixedThreadPool(idle.size(), PaperRun::daemon);
    try (ProgressBar bar = new ProgressBar(terminal, "paper", "cells", costs.size())) {
      BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
      costs.keySet().forEach(cell -> workers.execute(() -> ended.add(run(cell))));
      for (int done = 0; done < costs.size(); ) {
        bar.set(done, String.join(", ", running) + left(System.nanoTime() - started, spent, rest));
        Ended next = ended.poll(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          finish(next, afterEach);
          spent += costs.get(next.cell);
          rest -= costs.get(next.cell);
          done++;
        }
      }
      bar.set(costs.size(), failures.isEmpty() ? "" : failures.size() + " failed");
    } finally {
      workers.shutdownNow();
    }
  }

  /** Why cells failed. */
  Map<Cell, String> failures() {
    return failures;
  }

  private Ended run(Cell cell) {
    running.add(cell.key());
    try {
      return new Ended(cell, result(cell), null);
    } catch (InterruptedException | RuntimeException | Error e) {
      return new Ended(cell, null, e);
    } finally {
      running.remove(cell.key());
    }
  }

  private CellResult result(Cell cell) throws InterruptedException {
    SetData data = cell.data(sets);
    if (!cell.method().equals(Experiment.LIFT)) {
      return baselines.run(cell, data);
    }
    Method lift = idle.take();
    try {
      return lift.run(cell, data);
    } finally {
      idle.add(lift);
    }
  }

  private void finish(Ended ended, Runnable afterEach) {
    if (ended.failure == null) {
      try {
        files.write(ended.result);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      afterEach.run();
      return;
    }
    Throwable failure = ended.failure;
    failures.put(
        ended.cell, failure instanceof CliError ? failure.getMessage() : failure.toString());
    terminal.clearLine();
    terminal.out().println(ended.cell.key() + " failed: " + failures.get(ended.cell));
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
