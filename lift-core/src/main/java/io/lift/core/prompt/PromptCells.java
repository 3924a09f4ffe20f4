package io.lift.core.prompt;

import io.lift.core.task.Sentence;
import io.lift.core.task.TaskSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the values of a row back out of its sentence, as they are written there, and writes others
 * into the same sentence: what is asked of a row after the serializer has put it into words. A cell
 * is the text of one feature's value; null where the sentence has no place for the feature.
 * Immutable and thread-safe.
 */
public final class PromptCells {
  private final Sentence sentence;
  private final Slot[] slots; // of the sentence, in its order
  private final Slot[] columns; // by feature; null where the sentence has no place for it

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
   * @return null if the text is not this sentence: written for another task, or with words in which
   *     the sentence cannot be found again
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
   * The sentence with these cells, its pairs of name and value in another order.
   *
   * @param order of the features
   * @throws IllegalStateException if the sentence does not list its values with their names
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
   * A cell's number in standard deviations from the mean of its column; NaN if it is missing or no
   * number.
   */
  public double standard(int feature, String cell) {
    return cell == null ? Double.NaN : columns[feature].standard(cell);
  }

  /**
   * The cell of a number.
   *
   * @param feature a column of numbers that the sentence has a place for
   * @param standard in standard deviations from the mean of its column
   */
  public String written(int feature, double standard) {
    return columns[feature].written(standard);
  }
}
