package io.lift.bench.model;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How to measure beside Python's PyTorch. */
final class PythonOptions {
  @Option(
      names = "--trials",
      defaultValue = "5",
      description = "Counted trials of each, in turn (default ${DEFAULT-VALUE}).")
  int trials;

  @Option(
      names = "--python",
      defaultValue = "/usr/bin/python3",
      description = "A Python that has torch, as Debian's python3-torch (${DEFAULT-VALUE}).")
  Path executable;
}
