package io.lift.inference.models;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Runs the loads of checkpoints one at a time. */
public final class LoadThread implements Executor, AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          load -> {
            Thread thread = new Thread(load, "lift-loader");
            thread.setDaemon(true);
            return thread;
          });

  @Override
  public void execute(Runnable load) {
    executor.execute(load);
  }

  /** Waits for the load under way, for five seconds at most. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
