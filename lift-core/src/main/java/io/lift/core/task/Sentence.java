package io.lift.core.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A template resolved against the columns of its task: literal text with slots between.
 *
 * @param literals the text before, between and after the slots: one more than there are slots; the
 *     last one ends in {@code ###}
 * @param slots for each slot, the index of the feature that fills it
 * @param begin the text before the first name, if the sentence lists values with their names;
 *     otherwise null
 */
public record Sentence(List<String> literals, List<Integer> slots, String begin) {
  /** The beginning of a two-stage template, with the number of the task. */
  public static final String STAGE = "Given task %d, ";

  /** The number of the task itself in a two-stage template, after the synthetic tasks 1 and 2. */
  public static final int LAST_STAGE = 3;

  /** The text between pairs of name and value, and before the question. */
  public static final String SEPARATOR = ", ";

  private static final String END = "###";

  public Sentence {
    literals = List.copyOf(literals);
    slots = List.copyOf(slots);
  }

  /**
   * The sentence of a task.
   *
   * @throws IllegalArgumentException if a free sentence does not fit the task's columns
   */
  public static Sentence of(TaskSpec task) {
    return switch (task.template().style()) {
      case PAPER -> listing(task, "When we have ", false);
      case STAGED -> listing(task, STAGE.formatted(LAST_STAGE), false);
      case NAMED -> listing(task, "When we have ", true);
      case IMAGE -> image(task.features().size());
      case FREE -> new Parser(task).parse();
    };
  }

  /** {@code When we have x1=…, x2=…, What is this type? ###}, byte for byte as in the paper. */
  private static Sentence listing(TaskSpec task, String begin, boolean named) {
    List<String> literals = new ArrayList<>();
    List<Integer> slots = new ArrayList<>();
    int[] names = names(task);
    for (int i = 0; i < task.features().size(); i++) {
      String name = named ? PlainText.of(task.features().get(names[i]).name()) : "x" + (i + 1);
      literals.add((i == 0 ? begin : SEPARATOR) + name + "=");
      slots.add(i);
    }
    literals.add(SEPARATOR + question(task, named) + END);
    return new Sentence(literals, slots, begin);
  }

  private static String question(TaskSpec task, boolean named) {
    String target = named ? PlainText.of(task.target().name()) : null;
    if (task.type() == TaskType.REGRESSION) {
      return "what should be the " + (named ? target : "y") + " value?";
    }
    return task.template().style() == TemplateSpec.Style.STAGED
        ? "What is the cluster?"
        : "What is this " + (named ? target : "type") + "? ";
  }

  /** {@code Given image with pixels 0 0 … 255 What is this digit?###}, as in the paper. */
  private static Sentence image(int pixels) {
    List<String> literals = new ArrayList<>();
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < pixels; i++) {
      literals.add(i == 0 ? "Given image with pixels " : " ");
      slots.add(i);
    }
    literals.add(" What is this digit?" + END);
    return new Sentence(literals, slots, null);
  }

  /**
   * For each feature, the feature whose name is written beside its value. A shuffle is one cycle
   * through all features (Sattolo's algorithm), so that no value keeps its own name.
   */
  private static int[] names(TaskSpec task) {
    int[] names = new int[task.features().size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = i;
    }
    if (task.template().shuffle() != null) {
      SplittableRandom random = new SplittableRandom(task.template().shuffle());
      for (int i = names.length - 1; i > 0; i--) {
        int j = random.nextInt(i);
        int kept = names[i];
        names[i] = names[j];
        names[j] = kept;
      }
    }
    return names;
  }

  /**
   * This sentence with its pairs of name and value in another order.
   *
   * @param order the slots in their new order
   * @throws IllegalStateException if the sentence does not list names and values
   */
  public Sentence ordered(int[] order) {
    if (begin == null) {
      throw new IllegalStateException("the columns of this sentence have a fixed order");
    }
    List<String> ordered = new ArrayList<>();
    List<Integer> filled = new ArrayList<>();
    for (int slot : order) {
      String literal = literals.get(slot);
      String name = literal.substring(slot == 0 ? begin.length() : SEPARATOR.length());
      ordered.add((ordered.isEmpty() ? begin : SEPARATOR) + name);
      filled.add(slots.get(slot));
    }
    ordered.add(literals.get(literals.size() - 1));
    return new Sentence(ordered, filled, begin);
  }

  /** Parses a user's sentence. */
  private static final class Parser {
    private final String text;
    private final TaskSpec task;
    private final Map<String, Integer> columns = new HashMap<>();
    private final List<String> literals = new ArrayList<>();
    private final List<Integer> slots = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    Parser(TaskSpec task) {
      this.task = task;
      String template = task.template().text();
      if (template == null || template.isBlank()) {
        throw new IllegalArgumentException("A free template needs a sentence.");
      }
      String stripped = template.strip();
      boolean ended = stripped.endsWith(END);
      text = ended ? stripped.substring(0, stripped.length() - END.length()) : stripped;
      int[] names = names(task);
      for (int i = 0; i < names.length; i++) {
        columns.put(task.features().get(names[i]).name(), i);
      }
    }

    Sentence parse() {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        boolean doubled = i + 1 < text.length() && text.charAt(i + 1) == c;
        if ((c == '{' || c == '}') && doubled) {
          literal.append(c);
          i++;
        } else if (c == '{') {
          i = slot(i);
        } else if (c == '}') {
          throw new IllegalArgumentException(
              "The sentence closes a brace at character " + (i + 1) + " that it did not open.");
        } else {
          literal.append(c);
        }
      }
      if (slots.isEmpty()) {
        throw new IllegalArgumentException(
            "The sentence names no column: write {column} where a value goes.");
      }
      // a value must not touch the end mark, because a # at its end would read as part of the mark
      literals.add(plain(literal + (literal.length() == 0 ? " " : "")) + END);
      return new Sentence(literals, slots, null);
    }

    /** Parses the slot that opens here and returns the index of its closing brace. */
    private int slot(int open) {
      int close = text.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException(
            "The sentence opens a brace at character " + (open + 1) + " and does not close it.");
      }
      String name = text.substring(open + 1, close);
      Integer column = columns.get(name);
      if (column == null) {
        throw new IllegalArgumentException(
            "The sentence names {" + name + "}, which is not a feature of the task" + parts(name));
      }
      if (!slots.isEmpty() && (literal.length() == 0 || Character.isDigit(literal.charAt(0)))) {
        throw new IllegalArgumentException(
            "The sentence needs something other than a digit between a value and {" + name + "}.");
      }
      literals.add(plain(literal.toString()));
      literal.setLength(0);
      slots.add(column);
      return close;
    }

    /** The end of the sentence about a slot: the parts of a date, if the slot names one. */
    private String parts(String field) {
      List<String> parts =
          task.features().stream()
              .filter(feature -> feature.field().equals(field))
              .map(feature -> "{" + feature.name() + "}")
              .toList();
      return parts.isEmpty() ? "." : ": it has dates, so write " + String.join(" or ", parts) + ".";
    }

    private static String plain(String literal) {
      if (literal.contains("##") || literal.contains("@@")) {
        throw new IllegalArgumentException(
            "The sentence may have ### only at its end, and no @@@: they are the marks of the"
                + " model.");
      }
      return PlainText.of(literal);
    }
  }
}
