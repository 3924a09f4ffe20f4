package io.lift.bench.paper;

import io.lift.cli.base.CliException;
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
  private final BlockingQueue<PaperMethod> idle;
  private final PaperMethod baselines = new BaselineMethod();
  private final Terminal terminal;
  private final Map<Cell, String> failures = new LinkedHashMap<>();
  private final Set<String> running = new ConcurrentSkipListSet<>();

  /**
   * @param lifts who run Lift's cells, each one at a time: so many cells run at once
   */
  PaperRun(Sets sets, CellFiles files, List<? extends PaperMethod> lifts, Terminal terminal) {
    this.sets = sets;
    this.files = files;
    this.idle = new ArrayBlockingQueue<>(lifts.size(), false, lifts);
    this.terminal = terminal;
  }

  /** A trial with its results, or with why there are none. */
  private record Ended(Trial trial, List<CellResult> results, Throwable failure) {}

  /**
   * @param cells in the order to begin them in
   * @param afterEach called when cells have their results
   */
  void run(List<Cell> cells, Runnable afterEach) throws InterruptedException {
    List<Cell> missing = cells.stream().filter(cell -> !files.has(cell)).distinct().toList();
    Map<Trial, Double> costs = new LinkedHashMap<>();
    Trial.of(missing).forEach(trial -> costs.put(trial, cost(trial)));
    double rest = costs.values().stream().mapToDouble(cost -> cost).sum();
    double spent = 0;
    long started = System.nanoTime();
    ExecutorService workers = Executors.newFixedThreadPool(idle.size(), PaperRun::daemon);
    try (ProgressBar bar = new ProgressBar(terminal, "paper", "cells", missing.size())) {
      BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
      costs.keySet().forEach(trial -> workers.execute(() -> ended.add(run(trial))));
      for (int done = 0; done < missing.size(); ) {
        bar.set(done, String.join(", ", running) + left(System.nanoTime() - started, spent, rest));
        Ended next = ended.poll(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          finish(next, afterEach);
          spent += costs.get(next.trial);
          rest -= costs.get(next.trial);
          done += next.trial.cells().size();
        }
      }
      bar.set(missing.size(), failures.isEmpty() ? "" : failures.size() + " failed");
    } finally {
      workers.shutdownNow();
    }
  }

  /** Why cells failed. */
  Map<Cell, String> failures() {
    return failures;
  }

  private Ended run(Trial trial) {
    String key = trial.first().key();
    running.add(key);
    try {
      return new Ended(trial, results(trial), null);
    } catch (InterruptedException | RuntimeException | Error e) {
      return new Ended(trial, List.of(), e);
    } finally {
      running.remove(key);
    }
  }

  private List<CellResult> results(Trial trial) throws InterruptedException {
    if (!trial.first().method().equals(Experiment.LIFT)) {
      return trial.run(baselines, sets);
    }
    PaperMethod lift = idle.take();
    try {
      return trial.run(lift, sets);
    } finally {
      idle.add(lift);
    }
  }

  private void finish(Ended ended, Runnable afterEach) {
    if (ended.failure == null) {
      try {
        for (CellResult result : ended.results) {
          files.write(result);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      afterEach.run();
      return;
    }
    Throwable failure = ended.failure;
    String reason = failure instanceof CliException ? failure.getMessage() : failure.toString();
    ended.trial.cells().forEach(cell -> failures.put(cell, reason));
    terminal.clearLine();
    terminal.out().println(ended.trial.first().key() + " failed: " + reason);
  }

  private static String left(long elapsedNanos, double spent, double rest) {
    if (spent == 0) {
      return "";
    }
    long millis = (long) (elapsedNanos / 1e6 * rest / spent);
    return ", about " + Durations.show(millis) + " left";
  }

  /** Roughly how many seconds a trial takes; only the proportions matter. */
  private double cost(Trial trial) {
    Cell cell = trial.first();
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
