package io.lift.cli.task;

import io.lift.cli.table.TargetOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of every command that creates a task. */
final class NewTaskOptions {
  @Parameters(
      paramLabel = "NAME",
      description = "Letters, digits and . _ -, at most 100 characters.")
  private String name;

  @Mixin private TargetOptions target;

  @Mixin private SourceOptions source;

  @Option(
      names = "--min-columns",
      paramLabel = "SHARE",
      description =
          "Share of the features that a row must name, or it is a dead letter (default: 0.25).")
  private Double minColumns;

  @Mixin private LanguageOptions language;

  @Mixin private PolicyOptions policy;

  @Mixin private CalibrationOptions calibration;

  String name() {
    return name;
  }

  TargetOptions target() {
    return target;
  }

  SourceOptions source() {
    return source;
  }

  Double minColumns() {
    return minColumns;
  }

  LanguageOptions language() {
    return language;
  }

  PolicyOptions policy() {
    return policy;
  }

  CalibrationOptions calibration() {
    return calibration;
  }
}
