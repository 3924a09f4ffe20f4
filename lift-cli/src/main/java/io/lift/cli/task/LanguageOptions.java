package io.lift.cli.task;

import io.lift.cli.CliError;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.TemplateSpec;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How rows are put into words. */
public final class LanguageOptions {
  private static final int MOST_DECIMALS = 12;

  @Option(
      names = "--template",
      paramLabel = "T",
      description =
          "The sentence: paper, named, or your own with {column} where a value goes"
              + " (default: paper).")
  private String template;

  @Option(
      names = "--numbers",
      paramLabel = "N",
      description = "How numbers are written: grid (0..99), adaptive, fixed:2 (default: grid).")
  private String numbers;

  /** Changes what the user asked for. */
  public TaskProposal apply(TaskProposal draft) {
    TaskProposal changed = draft;
    if (template != null) {
      changed = changed.with(template(template));
    }
    if (numbers != null) {
      changed = changed.with(numbers(numbers));
    }
    return changed;
  }

  static TemplateSpec template(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "paper" -> TemplateSpec.paper();
      case "named" -> TemplateSpec.named();
      default -> {
        if (!text.contains("{")) {
          throw new CliError(
              "--template is paper, named, or a sentence with {column} where a value goes.");
        }
        yield TemplateSpec.free(text);
      }
    };
  }

  static NumberFormat numbers(String text) {
    String format = text.toLowerCase(Locale.ROOT);
    if (format.equals("grid")) {
      return NumberFormat.grid();
    }
    if (format.equals("adaptive")) {
      return NumberFormat.adaptive();
    }
    if (format.matches("fixed:\\d{1,2}")) {
      int decimals = Integer.parseInt(format.substring("fixed:".length()));
      if (decimals <= MOST_DECIMALS) {
        return NumberFormat.fixed(decimals);
      }
    }
    throw new CliError("--numbers is grid, adaptive or fixed:D with D from 0 to 12, e.g. fixed:2.");
  }
}
