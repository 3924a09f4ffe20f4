package io.lift.cli.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.cli.base.CliException;
import io.lift.core.task.ArrayRule;
import io.lift.core.task.KeyType;
import io.lift.core.task.Source;
import io.lift.core.task.SourceFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class SourceOptionsTest {
  private static final Source LOANS = new Source("loans", null, "a");

  @Command
  static final class Task {
    @Mixin SourceOptions source;
  }

  @Test
  void whatIsSaidAboutATopicIsInItsSource() {
    SourceOptions all =
        options(
            "--format=json-schema",
            "--key=registry:id",
            "--where=op!=d",
            "--where=amount>=10",
            "--arrays=count");
    assertThat(all.given()).isTrue();
    assertThat(all.apply(LOANS, SourceFormat.JSON_SCHEMA))
        .isEqualTo(
            LOANS.as(
                SourceFormat.JSON_SCHEMA,
                "registry:id",
                List.of("op!=d", "amount>=10"),
                ArrayRule.COUNT));
    assertThat(all.keys()).isEqualTo(KeyType.TEXT);
  }

  @Test
  void nothingSaidIsAPlainSourceOrTheFormatThatWasFound() {
    assertThat(options().given()).isFalse();
    assertThat(options().apply(LOANS, SourceFormat.JSON)).isEqualTo(LOANS);
    assertThat(options().apply(LOANS, SourceFormat.DEBEZIUM).format())
        .isEqualTo(SourceFormat.DEBEZIUM);
    assertThat(options("--format=json").apply(LOANS, SourceFormat.JSON).format())
        .isEqualTo(SourceFormat.JSON);
  }

  @Test
  void keysThatAreWholeAreTheTasksAndOthersTheSources() {
    assertThat(options("--keys=long").keys()).isEqualTo(KeyType.LONG);
    assertThat(options("--keys=long").key()).isNull();
    assertThat(options("--keys=text").key()).isEqualTo("text"); // also of change events
    assertThat(options("--keys=text").given()).isFalse();
    assertThat(options("--keys=value:id").given()).isTrue();
    assertThat(options("--keys=json:id").key()).isEqualTo("json:id");
    assertThat(options("--keys=json:id").keys()).isEqualTo(KeyType.TEXT);
  }

  @Test
  void whatIsNotUnderstoodIsSaidInOneSentence() {
    assertThatThrownBy(() -> options("--format=xml"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("json, debezium, connect");
    assertThatThrownBy(() -> options("--keys=uuid").key())
        .isInstanceOf(CliException.class)
        .hasMessageContaining("json:FIELD");
    assertThatThrownBy(() -> options("--where=op").where())
        .isInstanceOf(CliException.class)
        .hasMessageContaining("op!=d");
  }

  private static SourceOptions options(String... arguments) {
    Task task = new Task();
    new CommandLine(task).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return task.source;
  }
}
