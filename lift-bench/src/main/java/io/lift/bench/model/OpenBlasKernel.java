package io.lift.bench.model;

import io.lift.cli.base.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernels that Python's OpenBLAS multiplies matrices with. OpenBLAS chooses them by the model
 * of the processor and takes old ones for a model that it does not know. A value of {@value
 * #VARIABLE} chooses others.
 *
 * @param setting the variable's value; empty where it is not set
 * @param gigaflops GFLOP/s of a product of two 1024 x 1024 matrices, by setting
 */
record OpenBlasKernel(String setting, Map<String, Double> gigaflops) {
  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  /** How much faster than no setting a setting must be. */
  private static final double CLEARLY = 1.05;

  private static final String PRODUCT =
      """
      import sys, time, torch
      torch.set_num_threads(int(sys.argv[1]))
      a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
      a @ b
      best = 0.0
      for _ in range(10):
          started = time.perf_counter()
          for _ in range(3):
              a @ b
          best = max(best, 3 * 2 * 1024 ** 3 / (time.perf_counter() - started) / 1e9)
      print(best)
      """;

  /**
   * Tries every setting that the processor can run, in a short product.
   *
   * @param python a Python that has torch
   */
  static OpenBlasKernel fastest(Path python, int threads) throws InterruptedException {
    Map<String, Double> speeds = new LinkedHashMap<>();
    for (String setting : candidates(processorFlags())) {
      speeds.put(setting, measure(python, threads, setting));
    }
    String best = "";
    for (Map.Entry<String, Double> each : speeds.entrySet()) {
      boolean faster = each.getValue() > speeds.get(best) * (best.isEmpty() ? CLEARLY : 1);
      best = faster ? each.getKey() : best;
    }
    return new OpenBlasKernel(best, speeds);
  }

  /**
   * The settings to try; the first is none.
   *
   * @param flags the processor's, as Linux names them
   */
  static List<String> candidates(List<String> flags) {
    List<String> settings = new ArrayList<>(List.of(""));
    if (flags.contains("avx2")) {
      settings.addAll(List.of("HASWELL", "ZEN"));
    }
    if (flags.containsAll(List.of("avx512f", "avx512bw", "avx512dq", "avx512vl"))) {
      settings.add("SKYLAKEX");
    }
    return settings;
  }

  private static List<String> processorFlags() {
    try {
      return Files.readAllLines(PROCESSOR).stream()
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> List.of(line.substring(line.indexOf(':') + 1).strip().split(" ")))
          .orElse(List.of());
    } catch (IOException e) {
      return List.of(); // not Linux
    }
  }

  private static double measure(Path python, int threads, String setting)
      throws InterruptedException {
    ProcessBuilder builder =
        PythonProcess.of(List.of(python.toString(), "-c", PRODUCT, Integer.toString(threads)));
    set(builder.environment(), setting);
    try {
      Process process = builder.start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new CliException("Python cannot multiply matrices; see its message above.");
      }
      return Double.parseDouble(text.strip());
    } catch (IOException e) {
      throw new CliException(e, "Cannot run " + python + ": " + e.getMessage() + ".");
    }
  }

  /** Sets the variable for a process that is about to start. */
  void use(Map<String, String> environment) {
    set(environment, setting);
  }

  private static void set(Map<String, String> environment, String setting) {
    if (setting.isEmpty()) {
      environment.remove(VARIABLE);
    } else {
      environment.put(VARIABLE, setting);
    }
  }

  /** As a report has it. */
  String title() {
    return setting.isEmpty() ? VARIABLE + " unset" : VARIABLE + "=" + setting;
  }
}
