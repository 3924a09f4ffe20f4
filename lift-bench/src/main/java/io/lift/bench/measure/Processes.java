package io.lift.bench.measure;

import io.lift.cli.base.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Child processes of a benchmark, and the signals that hold and release them. */
public final class Processes {
  private Processes() {}

  /** Starts a main class of the class path in a JVM of its own, as the services run. */
  public static Process java(Path log, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Holds a process where it stands (SIGSTOP). */
  public static void hold(long pid) throws IOException, InterruptedException {
    signal("-STOP", pid);
  }

  /** Lets a held process go on (SIGCONT). */
  public static void release(long pid) throws IOException, InterruptedException {
    signal("-CONT", pid);
  }

  private static void signal(String signal, long pid) throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
    if (code != 0) {
      throw new CliException("kill %s %d ended with code %d.", signal, pid, code);
    }
  }
}
