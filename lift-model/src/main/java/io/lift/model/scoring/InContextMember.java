package io.lift.model.scoring;

import io.lift.model.incontext.InContextPredictor;
import io.lift.model.incontext.TokenCells;
import java.util.List;

/**
 * The in-context model's answers to the prompts of one task, from a support set that it has read.
 *
 * @param context the support set, read
 * @param cells reads the cells of a prompt's tokens
 */
public record InContextMember(InContextPredictor.Context context, TokenCells cells)
    implements AutoCloseable {

  /** (prompts, labels), rows sum to 1. */
  double[][] probabilities(List<int[]> prompts) {
    return context.probabilities(prompts.stream().map(cells::of).toArray(int[][]::new));
  }

  /** What is kept of the support set. */
  public long bytes() {
    return context.bytes();
  }

  @Override
  public void close() {
    context.close();
  }
}
