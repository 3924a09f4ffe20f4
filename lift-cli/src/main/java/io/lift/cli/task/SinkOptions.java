package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.core.task.Sink;
import io.lift.core.task.SinkFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where a task's predictions also go, and how they are written there. */
final class SinkOptions {
  @Option(
      names = "--to",
      paramLabel = "TOPIC",
      description =
          "A topic that the task's predictions also go to, besides lift.predictions. It is created"
              + " if it does not exist.")
  private String topic;

  @Option(
      names = "--to-format",
      converter = FormatConverter.class,
      paramLabel = "FORMAT",
      description =
          "How predictions are written to that topic: json, connect, cloudevents,"
              + " cloudevents-binary, avro or json-schema (default: json).")
  private SinkFormat format;

  @Option(
      names = "--to-probabilities",
      description =
          "With avro, json-schema or connect: the fields include a map of all labels'"
              + " probabilities.")
  private boolean probabilities;

  /** Reads the name of a format. */
  static final class FormatConverter implements ITypeConverter<SinkFormat> {
    @Override
    public SinkFormat convert(String value) {
      try {
        return SinkFormat.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /**
   * What was given; null without a topic.
   *
   * @throws CliException if there is a format without a topic
   */
  Sink sink() {
    if (topic == null) {
      if (format != null || probabilities) {
        throw new CliException(
            "--to-format and --to-probabilities are for a topic: name it with --to.");
      }
      return null;
    }
    return new Sink(
        topic, format == SinkFormat.JSON ? null : format, probabilities ? Boolean.TRUE : null);
  }
}
