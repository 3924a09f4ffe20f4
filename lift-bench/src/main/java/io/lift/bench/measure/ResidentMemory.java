package io.lift.bench.measure;

import io.lift.cli.base.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process holds in memory, as Linux tells it. */
public final class ResidentMemory {
  private ResidentMemory() {}

  /** Bytes of this process now, after a garbage collection. */
  public static long now() {
    System.gc();
    return read("self", "VmRSS:");
  }

  /** What a process holds, in bytes. */
  public static long of(long pid) {
    return read(Long.toString(pid), "VmRSS:");
  }

  /** The most that a process ever held, in bytes. */
  public static long peak(long pid) {
    return read(Long.toString(pid), "VmHWM:");
  }

  private static long read(String process, String field) {
    Path status = Path.of("/proc", process, "status");
    try {
      List<String> lines = Files.readAllLines(status);
      return lines.stream()
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new CliException(
          e, "Cannot read %s: memory is measured on Linux only.".formatted(status));
    }
  }
}
