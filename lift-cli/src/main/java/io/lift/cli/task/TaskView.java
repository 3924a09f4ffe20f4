package io.lift.cli.task;

import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import java.util.List;
import java.util.Locale;

/** Shows a task to people. */
final class TaskView {
  private static final int LONGEST_LIST = 60;

  private TaskView() {}

  static void print(TaskSpec task, Terminal terminal) {
    TextTable table = new TextTable("COLUMN", "TYPE", "VALUES");
    for (Column column : task.features()) {
      table.row(column.name(), type(column), values(column));
    }
    table.row(task.target().name(), "target", values(task.target()));
    var out = terminal.out();
    out.println(
        "%s version %d, %s, %s template, %s numbers"
            .formatted(
                terminal.bold(task.name()),
                task.version(),
                lower(task.type()),
                lower(task.template().style()),
                lower(task.numbers().style())));
    out.println();
    out.println(table.render(terminal));
    if (!task.sources().isEmpty()) {
      out.println();
      out.println("Sources: " + String.join(", ", task.sources()));
    }
    if (!task.calibration().equals(CalibrationPolicy.defaults())) {
      out.println();
      out.println(asked(task.calibration()));
    }
    out.println();
    out.println("language " + new TaskLanguage(task).hash().substring(0, 12));
  }

  private static String asked(CalibrationPolicy policy) {
    String coverage = "coverage %.0f %%".formatted(100 * policy.coverageAsked());
    return policy.abstainBelow() == null
        ? coverage
        : coverage + ", abstains below a probability of %.2f".formatted(policy.abstainBelow());
  }

  private static String type(Column column) {
    return lower(column.type());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String values(Column column) {
    return switch (column.type()) {
      case NUMBER -> numbers(column.numbers());
      case CATEGORY -> list(column.categories());
      case TEXT -> "free text";
    };
  }

  private static String numbers(NumberStats stats) {
    if (stats == null) {
      return "";
    }
    return "%s to %s, mean %s, deviation %s"
        .formatted(
            figure(stats.min()),
            figure(stats.max()),
            figure(stats.mean()),
            figure(stats.deviation()));
  }

  private static String figure(double value) {
    String text = String.format(Locale.ROOT, "%.4g", value);
    return Math.abs(value) < 1e15 && value == Math.rint(value) ? "%.0f".formatted(value) : text;
  }

  private static String list(List<String> words) {
    String all = String.join(", ", words);
    if (all.length() <= LONGEST_LIST) {
      return all;
    }
    return words.size() + " words: " + all.substring(0, LONGEST_LIST - 12) + " …";
  }
}
