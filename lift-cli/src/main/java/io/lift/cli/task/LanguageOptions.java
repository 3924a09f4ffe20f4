package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.TemplateSpec;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** How rows become sentences. */
public final class LanguageOptions {
  private static final int MOST_DECIMALS = 12;
  private static final int SHUFFLED = "shuffled".length();

  @Option(
      names = "--template",
      paramLabel = "T",
      description =
          "The sentence: paper, named, image, staged, or your own with {column} where a value goes"
              + " (default: paper).")
  private String template;

  @Option(
      names = "--names",
      paramLabel = "N",
      description =
          "What stands beside each value: anonymous (x1, x2, ..), named (its column's name),"
              + " shuffled or shuffled:SEED (another column's name, to see what names are worth).")
  private String names;

  @Option(
      names = "--numbers",
      paramLabel = "N",
      description = "How numbers are written: grid (0..99), adaptive, fixed:2 (default: grid).")
  private String numbers;

  @Option(
      names = "--label-text",
      paramLabel = "LABEL=TEXT",
      description =
          "What a label means, for a task with texts, e.g. food='a saying about food'. Before the"
              + " first labelled row a text is compared with it.")
  private Map<String, String> labelTexts = Map.of();

  /** Applies the given options to a task. */
  public TaskProposal apply(TaskProposal draft) {
    TaskProposal changed = draft;
    if (template() != null) {
      changed = changed.with(template());
    }
    if (numbers() != null) {
      changed = changed.with(numbers());
    }
    return labelTexts.isEmpty() ? changed : changed.with(labelTexts);
  }

  /** The sentence template; null for the default. */
  TemplateSpec template() {
    TemplateSpec sentence = template == null ? null : template(template);
    if (names == null) {
      return sentence;
    }
    String style = names.toLowerCase(Locale.ROOT);
    boolean free = sentence != null && sentence.style() == TemplateSpec.Style.FREE;
    if (style.matches("shuffled(:\\d{1,18})?")) {
      long seed = style.length() == SHUFFLED ? 0 : Long.parseLong(style.substring(SHUFFLED + 1));
      return agreed(free ? sentence : TemplateSpec.named(), sentence).shuffled(seed);
    }
    return switch (style) {
      case "anonymous" -> agreed(TemplateSpec.paper(), sentence);
      case "named" -> free ? sentence : agreed(TemplateSpec.named(), sentence);
      default -> throw new CliException("--names is anonymous, named, shuffled or shuffled:SEED.");
    };
  }

  private static TemplateSpec agreed(TemplateSpec wanted, TemplateSpec sentence) {
    if (sentence != null && !sentence.equals(wanted)) {
      throw new CliException("--template and --names contradict each other; give one of them.");
    }
    return wanted;
  }

  /** The number format; null for the default. */
  NumberFormat numbers() {
    return numbers == null ? null : numbers(numbers);
  }

  static TemplateSpec template(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "paper" -> TemplateSpec.paper();
      case "named" -> TemplateSpec.named();
      case "image" -> new TemplateSpec(TemplateSpec.Style.IMAGE, null);
      case "staged" -> new TemplateSpec(TemplateSpec.Style.STAGED, null);
      default -> {
        if (!text.contains("{")) {
          throw new CliException(
              "--template is paper, named, image, staged, or a sentence with {column} where a"
                  + " value goes.");
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
    throw new CliException(
        "--numbers is grid, adaptive or fixed:D with D from 0 to 12, e.g. fixed:2.");
  }
}
