package io.lift.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program of its own process. Its output, errors included, goes to a file, because what it starts
 * may go on writing after its end.
 */
public final class Program implements AutoCloseable {
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private final Process process;
  private final Path output;

  /** What a program printed, errors included, and its exit code. */
  public record Output(int code, String text) {}

  public Program(Path directory, Path output, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().remove("JDK_JAVA_OPTIONS"); // Java prints that it has read them
    builder.environment().putAll(environment);
    this.output = output;
    this.process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  /** Runs a program to its end, however long that takes. */
  public static Output run(
      Path directory, Path output, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    try (Program program = new Program(directory, output, environment, command)) {
      return new Output(program.process.waitFor(), program.output());
    }
  }

  /** The Java that runs this. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Debian's Python, which sees Debian's packages; a name that does not start without it. */
  public static String python() {
    return PYTHON.toString();
  }

  /** Whether Debian's Python can import a module. */
  public static boolean pythonHas(String module, Path scratch) throws Exception {
    if (!Files.isExecutable(PYTHON)) {
      return false;
    }
    try (Program program =
        new Program(
            scratch,
            scratch.resolve("import-" + module),
            Map.of(),
            Arrays.asList(python(), "-c", "import " + module))) {
      return program.end() == 0;
    }
  }

  /** Waits for its end and returns its exit code. */
  public int end() throws InterruptedException {
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      throw new AssertionError("Still running after three minutes: " + output);
    }
    return process.exitValue();
  }

  /** What it has printed so far. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor(10, TimeUnit.SECONDS);
    process.destroyForcibly();
  }
}
