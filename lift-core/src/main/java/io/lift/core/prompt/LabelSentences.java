package io.lift.core.prompt;

import io.lift.core.task.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sentences that stand for the labels of a task with texts, so that a model that knows words can
 * compare a text with them: {@code topic: food}, {@code a saying about food}, or what the task says
 * that a label means.
 */
public final class LabelSentences {
  /** A label with fewer letters is a code. */
  private static final int LEAST_LETTERS = 3;

  private LabelSentences() {}

  /**
   * The sentences of each label, in their order.
   *
   * @return empty for a regression, for a task without text columns, and where a label is a code
   *     and the task does not say what it means
   */
  public static List<List<String>> of(TaskSpec task) {
    List<String> texts = task.textColumns();
    Map<String, String> given = task.labelTexts();
    boolean words =
        task.labels().stream().allMatch(label -> given.containsKey(label) || isWord(label));
    if (texts.isEmpty() || task.labels().isEmpty() || !words) {
      return List.of();
    }
    return task.labels().stream()
        .map(
            label ->
                given.containsKey(label)
                    ? List.of(given.get(label))
                    : of(label, task.target().name(), texts))
        .toList();
  }

  /**
   * The sentences of each label of any classification: {@code topic: food} where {@link #of} has
   * none.
   */
  public static List<List<String>> ofAll(TaskSpec task) {
    List<List<String>> sentences = of(task);
    return sentences.isEmpty()
        ? task.labels().stream().map(label -> List.of(task.target().name() + ": " + label)).toList()
        : sentences;
  }

  private static boolean isWord(String label) {
    return label.codePoints().filter(Character::isLetter).count() >= LEAST_LETTERS;
  }

  private static List<String> of(String label, String target, List<String> texts) {
    List<String> sentences = new ArrayList<>();
    sentences.add(target + ": " + label);
    texts.forEach(text -> sentences.add("a " + text + " about " + label));
    return sentences;
  }
}
