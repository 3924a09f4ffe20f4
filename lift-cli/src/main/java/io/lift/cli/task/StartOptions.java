package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.core.task.Source;
import picocli.CommandLine.Option;

/** Where a task begins to read its topics. */
final class StartOptions {
  @Option(
      names = "--start",
      paramLabel = "WHEN",
      description =
          "Where to begin in the topic: earliest, latest or a moment such as 2026-11-29T08:00:00Z"
              + " (default: earliest).")
  private String start;

  /** As it was given; null if it was not. */
  String given() {
    if (start != null) {
      reading("checked");
    }
    return start;
  }

  /**
   * A new reading of a topic.
   *
   * @throws CliException if the start is none
   */
  Source reading(String topic) {
    return reading(topic, start);
  }

  /** The same with a start from elsewhere; null for the topic's first row. */
  static Source reading(String topic, String start) {
    try {
      return Source.read(
          topic, start == null ? Source.EARLIEST : start, System.currentTimeMillis());
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage() + ".");
    }
  }
}
