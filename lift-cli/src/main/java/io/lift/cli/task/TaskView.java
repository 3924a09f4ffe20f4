package io.lift.cli.task;

import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.core.prompt.LabelSentences;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.Column;
import io.lift.core.task.DatePart;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.NumberStats;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows a task to people. */
public final class TaskView {
  private static final int LONGEST_LIST = 60;
  private static final int MOST_COLUMNS = 40;
  private static final int SHOWN_COLUMNS = 20;
  private static final int SHOWN_MEANINGS = 3;

  private TaskView() {}

  /** Prints a task: its columns, and what differs from the defaults. */
  public static void print(TaskSpec task, Terminal terminal) {
    TextTable table = new TextTable("COLUMN", "TYPE", "VALUES");
    List<Column> features = task.features();
    int shown = features.size() <= MOST_COLUMNS ? features.size() : SHOWN_COLUMNS;
    for (Column column : features.subList(0, shown)) {
      table.row(column.name(), type(column), values(column));
    }
    if (shown < features.size()) {
      table.row("…", "%,d more".formatted(features.size() - shown), "");
    }
    table.row(task.target().name(), "target", values(task.target()));
    var out = terminal.out();
    out.println(
        "%s version %d, %s, %s template, %s numbers"
            .formatted(
                terminal.bold(task.name()),
                task.version(),
                lower(task.type()),
                template(task.template()),
                lower(task.numbers().style())));
    out.println();
    out.println(table.render(terminal));
    List<List<String>> meanings = LabelSentences.of(task);
    if (!meanings.isEmpty()) {
      out.println();
      out.println(
          "Before the first label, texts are compared with what labels mean: "
              + meanings.stream()
                  .map(sentences -> "'" + sentences.get(sentences.size() - 1) + "'")
                  .limit(SHOWN_MEANINGS)
                  .collect(Collectors.joining(", "))
              + (meanings.size() > SHOWN_MEANINGS ? ", …" : ""));
    }
    if (!task.sources().isEmpty()) {
      out.println();
      out.println(
          "Sources: "
              + task.sources().stream().map(Source::toString).collect(Collectors.joining(", ")));
    }
    if (task.sink() != null) {
      out.println();
      out.println("Predictions also go to: " + task.sink());
    }
    if (!task.calibration().equals(CalibrationPolicy.defaults())) {
      out.println();
      out.println(calibration(task.calibration()));
    }
    String method = method(task.training().methodOrPlain());
    if (!method.isEmpty()) {
      out.println();
      out.println("Method: " + method);
    }
    out.println();
    out.println("language " + new TaskLanguage(task).hash().substring(0, 12));
  }

  private static String calibration(CalibrationPolicy policy) {
    String coverage = "coverage %.0f %%".formatted(100 * policy.coverageOrDefault());
    return policy.abstainBelow() == null
        ? coverage
        : coverage + ", abstains below a probability of %.2f".formatted(policy.abstainBelow());
  }

  private static String template(TemplateSpec template) {
    return lower(template.style()) + (template.shuffle() == null ? "" : " (names shuffled)");
  }

  /** What differs from plain fine-tuning, in words. */
  private static String method(LearningMethod method) {
    List<String> parts = new ArrayList<>();
    if (method.context() != null) {
      parts.add(
          "%d %s rows in context"
              .formatted(method.context().rows(), lower(method.context().pick())));
    }
    if (!method.trains()) {
      parts.add("no fine-tuning");
    }
    if (method.balances()) {
      parts.add("balanced labels");
    }
    if (method.mixup() != null) {
      parts.add("mixup of %s".formatted(number(method.mixup())));
    }
    if (method.noise() != null) {
      parts.add("noise of %s deviations".formatted(number(method.noise())));
    }
    if (method.shuffles()) {
      parts.add("shuffled columns");
    }
    if (method.usesTwoStages()) {
      parts.add("two stages");
    }
    if (!method.usesPretrained()) {
      parts.add("no pretrained model");
    }
    if (method.generates()) {
      parts.add("generates rows");
    }
    return String.join(", ", parts);
  }

  private static String type(Column column) {
    return column.date() == null ? lower(column.type()) : "date";
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String values(Column column) {
    if (column.date() != null && column.date().part() == DatePart.TREND) {
      return date(column.numbers().min()) + " to " + date(column.numbers().max());
    }
    return switch (column.type()) {
      case NUMBER -> numbers(column.numbers()) + unit(column);
      case CATEGORY -> list(column.categories());
      case TEXT -> "free text";
    };
  }

  private static String date(double days) {
    return LocalDate.ofEpochDay((long) Math.floor(days)).toString();
  }

  private static String unit(Column column) {
    boolean given = column.notation() != null && column.notation().unit() != null;
    return given ? " (in " + column.notation().unit() + ")" : "";
  }

  private static String numbers(NumberStats stats) {
    if (stats == null) {
      return "";
    }
    return "%s to %s, mean %s, deviation %s"
        .formatted(
            number(stats.min()),
            number(stats.max()),
            number(stats.mean()),
            number(stats.deviation()));
  }

  private static String number(double value) {
    double size = Math.abs(value);
    boolean whole = size < 1e15 && value == Math.rint(value) || size >= 1e3 && size < 1e9;
    return String.format(Locale.ROOT, whole ? "%.0f" : "%.4g", value);
  }

  private static String list(List<String> words) {
    String all = String.join(", ", words);
    if (all.length() <= LONGEST_LIST) {
      return all;
    }
    return words.size() + " words: " + all.substring(0, LONGEST_LIST - 12) + " …";
  }
}
