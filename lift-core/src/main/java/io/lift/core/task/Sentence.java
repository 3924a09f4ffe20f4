package io.lift.core.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A template resolved against the columns of its task: literal text with slots between.
 *
 * @param literals the text before, between and after the slots: one more than there are slots; the
 *     last one ends in {@code ###}
 * @param slots for each slot, the index of the feature that fills it
 */
public record Sentence(List<String> literals, List<Integer> slots) {
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
      case PAPER -> listing(task, false);
      case NAMED -> listing(task, true);
      case FREE -> new Parser(task).parse();
    };
  }

  /** {@code When we have x1=…, x2=…, What is this type? ###}, byte for byte as in the paper. */
  private static Sentence listing(TaskSpec task, boolean named) {
    List<String> literals = new ArrayList<>();
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < task.features().size(); i++) {
      String name = named ? PlainText.of(task.features().get(i).name()) : "x" + (i + 1);
      literals.add((i == 0 ? "When we have " : ", ") + name + "=");
      slots.add(i);
    }
    String target = named ? PlainText.of(task.target().name()) : null;
    literals.add(
        task.type() == TaskType.CLASSIFICATION
            ? ", What is this " + (named ? target : "type") + "? " + END
            : ", what should be the " + (named ? target : "y") + " value?" + END);
    return new Sentence(literals, slots);
  }

  /** Reads a user's sentence. */
  private static final class Parser {
    private final String text;
    private final Map<String, Integer> columns = new HashMap<>();
    private final List<String> literals = new ArrayList<>();
    private final List<Integer> slots = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    Parser(TaskSpec task) {
      String given = task.template().text();
      if (given == null || given.isBlank()) {
        throw new IllegalArgumentException("a free template needs a sentence");
      }
      String stripped = given.strip();
      boolean ended = stripped.endsWith(END);
      text = ended ? stripped.substring(0, stripped.length() - END.length()) : stripped;
      for (int i = 0; i < task.features().size(); i++) {
        columns.put(task.features().get(i).name(), i);
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
              "the sentence closes a brace at character " + (i + 1) + " that it did not open");
        } else {
          literal.append(c);
        }
      }
      if (slots.isEmpty()) {
        throw new IllegalArgumentException(
            "the sentence names no column; write {column} where a value goes");
      }
      // a value must not touch the end mark: its own # would read as part of it
      literals.add(plain(literal + (literal.length() == 0 ? " " : "")) + END);
      return new Sentence(literals, slots);
    }

    /** Reads the slot that opens here and returns where it closes. */
    private int slot(int open) {
      int close = text.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException(
            "the sentence opens a brace at character " + (open + 1) + " and does not close it");
      }
      String name = text.substring(open + 1, close);
      Integer column = columns.get(name);
      if (column == null) {
        throw new IllegalArgumentException(
            "the sentence names {" + name + "}, which is not a feature of the task");
      }
      if (!slots.isEmpty() && (literal.length() == 0 || Character.isDigit(literal.charAt(0)))) {
        throw new IllegalArgumentException(
            "the sentence needs something other than a digit between a value and {" + name + "}");
      }
      literals.add(plain(literal.toString()));
      literal.setLength(0);
      slots.add(column);
      return close;
    }

    private static String plain(String literal) {
      if (literal.contains("##") || literal.contains("@@")) {
        throw new IllegalArgumentException(
            "the sentence may hold ### only at its end, and no @@@: they are the marks of the model");
      }
      return PlainText.of(literal);
    }
  }
}
