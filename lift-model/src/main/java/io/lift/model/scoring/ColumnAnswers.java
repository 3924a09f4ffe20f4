package io.lift.model.scoring;

import io.lift.core.prompt.ColumnQuestion;
import java.util.List;

/** Answers questions about single columns by drawing from a model's distribution. */
public interface ColumnAnswers {
  /**
   * One answer per question, in order, as the model writes it: the cell of a column, or other text.
   *
   * @param temperature 1 draws from the model's distribution, 0 takes the most probable answer
   * @param seed of the draws; the answers are a function of it, of the questions and of their order
   */
  List<String> draw(List<ColumnQuestion> questions, double temperature, long seed);
}
