package io.lift.cli.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.table.FieldType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TargetOptionsTest {

  @Test
  void columnsGetTheTypesThatTheUserSets() {
    TargetOptions options =
        parsed("--column-type", "zip=category", "--column-type", "a=b=Date", "--without", "id,nr");

    assertThat(options.types())
        .isEqualTo(
            Map.of(
                "zip", FieldType.CATEGORY,
                "a=b", FieldType.DATE,
                "id", FieldType.LEAVE_OUT,
                "nr", FieldType.LEAVE_OUT));
  }

  @Test
  void whatIsNoTypeIsSaidInASentence() {
    assertThatThrownBy(() -> parsed("--column-type", "zip=words").types())
        .hasMessage("A column can be number, category, text, date or leave out, not 'words'.");
    assertThatThrownBy(() -> parsed("--column-type", "zip").types())
        .hasMessage("--column-type is COLUMN=TYPE, such as --column-type zip=category, not 'zip'.");
  }

  private static TargetOptions parsed(String... arguments) {
    TargetOptions options = new TargetOptions();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("target", mixin(options)))
        .parseArgs(arguments);
    return options;
  }

  private static CommandLine.Model.CommandSpec mixin(TargetOptions options) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
  }
}
