package io.lift.bench.model;

import io.lift.model.decoder.NativeAllocator;
import java.util.List;

/** A Python process beside which the engine is measured. */
final class PythonProcess {
  private PythonProcess() {}

  /**
   * What starts the command. Its errors go to this terminal. Its malloc keeps freed memory as the
   * engine's does, because it is faster so; its threads wait as Python's users have them.
   */
  static ProcessBuilder of(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    NativeAllocator.environment().forEach(builder.environment()::putIfAbsent);
    builder.environment().remove("GOMP_SPINCOUNT"); // set by the lift script for our engine
    return builder;
  }
}
