package io.lift.model.scoring;

import io.lift.model.incontext.InContextClassifier;
import io.lift.model.incontext.TokenCells;
import java.util.List;

/**
 * The pretrained model's answers to the prompts of one task, from labelled rows that it has read.
 *
 * @param read the labelled rows
 * @param cells where a prompt's tokens have their cells
 */
public record InContextMember(InContextClassifier.Context read, TokenCells cells)
    implements AutoCloseable {

  /** (prompts, labels), rows sum to 1. */
  double[][] probabilities(List<int[]> prompts) {
    return read.probabilities(prompts.stream().map(cells::of).toArray(int[][]::new));
  }

  @Override
  public void close() {
    read.close();
  }
}
