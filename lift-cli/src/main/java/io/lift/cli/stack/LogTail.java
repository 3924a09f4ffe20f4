package io.lift.cli.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the line of a log file that says why a process ended. */
final class LogTail {
  private LogTail() {}

  static String lastError(String log) {
    List<String> lines;
    try {
      lines = new String(Files.readAllBytes(Path.of(log)), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return "(no log)";
    }
    String last = "(nothing)";
    for (String line : lines) {
      boolean says = line.contains("ERROR") || line.contains("FATAL") || line.startsWith("Error");
      boolean cause = line.startsWith("Caused by:") || line.startsWith("Exception in thread");
      if (says || cause) {
        last = line.strip();
      }
    }
    if (last.equals("(nothing)") && !lines.isEmpty()) {
      last = lines.get(lines.size() - 1).strip();
    }
    return last;
  }
}
