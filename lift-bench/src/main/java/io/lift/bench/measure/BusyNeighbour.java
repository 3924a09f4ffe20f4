package io.lift.bench.measure;

import io.lift.cli.base.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Threads of other processes that compute without a pause, as another program on the machine. */
public final class BusyNeighbour implements AutoCloseable {
  private final List<Process> processes = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param threads how many, each in a process of its own
   */
  public BusyNeighbour(int threads, Path log) {
    try {
      for (int i = 0; i < threads; i++) {
        processes.add(Processes.java(log, BusyNeighbour.class));
      }
    } catch (IOException e) {
      close();
      throw new CliException(e, "Cannot start a busy neighbour: " + e.getMessage() + ".");
    }
  }

  /** Computes until the process that started it ends. */
  public static void main(String[] arguments) {
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    double sum = 0;
    while (parent.isAlive()) {
      for (int i = 1; i < 10_000_000; i++) {
        sum += 1.0 / i;
      }
    }
    System.out.println(sum);
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
