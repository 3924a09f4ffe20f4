package io.lift.cli.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.cli.base.CliException;
import io.lift.core.task.Sink;
import io.lift.core.task.SinkFormat;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class SinkOptionsTest {
  @Command
  static final class Task {
    @Mixin SinkOptions sink;
  }

  @Test
  void aTopicHasAFormatOrIsJson() {
    assertThat(sink()).isNull();
    assertThat(sink("--to=out")).isEqualTo(new Sink("out"));
    assertThat(sink("--to=out", "--to-format=json")).isEqualTo(new Sink("out"));
    Sink avro = sink("--to=out", "--to-format=Avro", "--to-probabilities");
    assertThat(avro).isEqualTo(new Sink("out", SinkFormat.AVRO, true));
    assertThat(avro).hasToString("out (avro, with probabilities)");
  }

  @Test
  void aFormatWithoutATopicOrWithAnotherNameIsRefusedWithASentence() {
    assertThatThrownBy(() -> sink("--to-format=avro"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("name it with --to");
    assertThatThrownBy(() -> sink("--to=out", "--to-format=xml"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("cloudevents-binary, avro, json-schema, not 'xml'");
  }

  private static Sink sink(String... arguments) {
    Task task = new Task();
    new CommandLine(task).parseArgs(arguments);
    return task.sink.sink();
  }
}
