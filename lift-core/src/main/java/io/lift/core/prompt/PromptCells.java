package io.lift.core.prompt;

import io.lift.core.task.Sentence;
import io.lift.core.task.TaskSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the values of a row out of its sentence, and writes other values into the sentence. It
 * works on prompts that a serializer has written. A cell is the text of one feature's value, or
 * null if the sentence has no slot for the feature. Immutable and thread-safe.
 */
public final class PromptCells {
  private final Sentence sentence;
  private final Slot[] slots; // of the sentence, in its order
  private final Slot[] columns; // by feature; null where the sentence has no slot for it

  public PromptCells(TaskSpec task) {
    sentence = Sentence.of(task);
    columns = new Slot[task.features().size()];
    slots = new Slot[sentence.slots().size()];
    for (int i = 0; i < slots.length; i++) {
      int feature = sentence.slots().get(i);
      slots[i] = Slot.of(task.features().get(feature), task.numbers());
      columns[feature] = slots[i];
    }
  }

  /**
   * The cells of a prompt, by feature.
   *
   * @return null if the text does not match this task's sentence
   */
  public String[] read(Prompt prompt) {
    String text = prompt.text();
    List<String> literals = sentence.literals();
    String[] cells = new String[columns.length];
    if (!text.startsWith(literals.get(0))) {
      return null;
    }
    int at = literals.get(0).length();
    for (int i = 0; i < slots.length; i++) {
      String next = literals.get(i + 1);
      int end = slots[i].end(text, at, next);
      if (end < 0) {
        return null;
      }
      cells[sentence.slots().get(i)] = text.substring(at, end);
      at = end + next.length();
    }
    return at == text.length() ? cells : null;
  }

  /** The sentence with these cells. */
  public Prompt write(String[] cells) {
    return write(cells, sentence);
  }

  /**
   * The sentence with these cells and its pairs of name and value in another order.
   *
   * @param order the features in their new order
   * @throws IllegalStateException if the sentence does not list names and values
   */
  public Prompt write(String[] cells, int[] order) {
    return write(cells, sentence.ordered(order));
  }

  private Prompt write(String[] cells, Sentence wording) {
    StringBuilder text = new StringBuilder();
    int[] grid = new int[2 * slots.length];
    int spans = 0;
    for (int i = 0; i < slots.length; i++) {
      int feature = wording.slots().get(i);
      text.append(wording.literals().get(i));
      int start = text.length();
      text.append(cells[feature]);
      if (columns[feature] instanceof Slot.Grid && !cells[feature].equals(TaskLanguage.MISSING)) {
        grid[spans++] = start;
        grid[spans++] = text.length();
      }
    }
    text.append(wording.literals().get(slots.length));
    return new Prompt(text.toString(), Arrays.copyOf(grid, spans));
  }

  /**
   * The standardised number of a cell: (value - mean) / deviation of its column. NaN if the cell is
   * missing or not a number.
   */
  public double standardised(int feature, String cell) {
    return cell == null ? Double.NaN : columns[feature].standardised(cell);
  }

  /**
   * The cell of a standardised number.
   *
   * @param feature a number column that the sentence has a slot for
   * @param standardised the number as in {@link #standardised}
   */
  public String cell(int feature, double standardised) {
    return columns[feature].cell(standardised);
  }
}
