package io.lift.model.scoring;

import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.prompt.TaskLanguage;
import java.util.List;

/** Answers that a published model writes, up to the end mark. Thread-safe. */
public final class WrittenAnswers implements ColumnAnswers {
  private final ColumnLanguage columns;
  private final Generator generator;
  private final int longest;

  /**
   * @param longest tokens that an answer with its end mark has at most
   */
  public WrittenAnswers(ColumnLanguage columns, Generator generator, int longest) {
    this.columns = columns;
    this.generator = generator;
    this.longest = longest;
  }

  @Override
  public List<String> draw(List<ColumnQuestion> questions, double temperature, long seed) {
    Sampling sampling =
        new Sampling(longest, temperature, 0, 1, List.of(TaskLanguage.END_OF_COMPLETION), seed);
    // an answer follows its prompt after a blank
    return generator.generate(questions.stream().map(columns::prompt).toList(), sampling).stream()
        .map(text -> text.startsWith(" ") ? text.substring(1) : text)
        .toList();
  }
}
