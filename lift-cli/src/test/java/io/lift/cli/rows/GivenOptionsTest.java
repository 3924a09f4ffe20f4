package io.lift.cli.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.cli.base.CliException;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class GivenOptionsTest {
  private static final TaskSpec TASK =
      new TaskSpec(
          "loans",
          1,
          TaskType.CLASSIFICATION,
          List.of(
              Column.number("age", new NumberStats(9, 50, 10, 20, 80, 0)),
              Column.number("a", new NumberStats(9, 50, 10, 20, 80, 0)),
              Column.category("a=b", List.of("x", "y=z"))),
          Column.category("group", List.of("A", "B")),
          null,
          null,
          null,
          null,
          null);

  @Test
  void labelAndColumnsAreGivenByName() {
    assertThat(values()).isEmpty();
    assertThat(values("--label", "B", "--given", "age=40"))
        .isEqualTo(Map.of("group", "B", "age", 40.0));
    assertThat(values("--given", "group=A")).isEqualTo(Map.of("group", "A"));
    assertThat(values("--given", "a=b=y=z", "--given", "a=3"))
        .as("a column with an equals sign in its name")
        .isEqualTo(Map.of("a=b", "y=z", "a", 3.0));
  }

  @Test
  void whatIsNoValueOfTheTaskIsRefusedInOneSentence() {
    refused("--given is COLUMN=VALUE, not 'age'.", "--given", "age");
    refused("--given names column 'age' twice.", "--given", "age=1", "--given", "age=2");
    refused("--label and --given both name 'group'.", "--label", "A", "--given", "group=B");
    refused("Column 'group' has no value 'C' in the task.", "--label", "C");
    refused("Task loans has no column 'size'.", "--given", "size=1");
    refused("Column 'age' needs a finite number, not 'old'.", "--given", "age=old");
  }

  private static void refused(String message, String... arguments) {
    assertThatThrownBy(() -> values(arguments))
        .isInstanceOf(CliException.class)
        .hasMessage(message);
  }

  private static Map<String, Object> values(String... arguments) {
    GivenOptions options = new GivenOptions();
    CommandSpec spec = CommandSpec.create().addMixin("o", CommandSpec.forAnnotatedObject(options));
    new CommandLine(spec).parseArgs(arguments);
    return options.values(TASK);
  }
}
