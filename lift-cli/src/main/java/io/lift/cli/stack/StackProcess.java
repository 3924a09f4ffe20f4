package io.lift.cli.stack;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process of a stack. A process id may be given to another program after a process has ended, so
 * that its start time belongs to its identity.
 *
 * @param name e.g. {@code trainer}, or {@code trainer-2}
 * @param service the service; null for the broker
 * @param pid process id
 * @param startedAt epoch milliseconds
 * @param port where it listens on loopback
 * @param log its log file
 */
public record StackProcess(
    String name, Service service, long pid, long startedAt, int port, String log) {
  /** The kernel's boot time, on which start times rest, may be read a second off. */
  private static final long CLOCK_ERROR_MILLIS = 2_000;

  static StackProcess of(
      String name, Service service, ProcessHandle process, int port, java.nio.file.Path log) {
    return new StackProcess(name, service, process.pid(), startOf(process), port, log.toString());
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(process -> Math.abs(startOf(process) - startedAt) <= CLOCK_ERROR_MILLIS)
        .filter(ProcessHandle::isAlive);
  }

  @JsonIgnore
  public boolean isAlive() {
    return process().isPresent();
  }

  /** Sends SIGTERM and returns at once. */
  void terminate() {
    process().ifPresent(ProcessHandle::destroy);
  }

  /** Ends the process at once (SIGKILL) and waits until it is gone. */
  void kill() {
    process()
        .ifPresent(
            process -> {
              process.destroyForcibly();
              process.onExit().join();
            });
  }

  /** Waits for the end, and forces it (SIGKILL) after a while. */
  void awaitEnd(Duration patience) {
    process()
        .ifPresent(
            process -> {
              try {
                process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
              } catch (Exception late) {
                process.destroyForcibly();
                process.onExit().join();
              }
            });
  }
}
