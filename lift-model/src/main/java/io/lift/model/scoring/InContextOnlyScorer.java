package io.lift.model.scoring;

import io.lift.core.prompt.Prompt;
import io.lift.model.incontext.InContextClassifier;
import io.lift.model.incontext.SupportSet;
import io.lift.model.incontext.TokenCells;
import io.lift.model.method.ContextRows;
import io.lift.model.text.TableEncoder;
import java.util.List;

/**
 * The pretrained model's answers where nothing is trained: each prompt's own rows in context are
 * all that it has read. Thread-safe.
 */
public final class InContextOnlyScorer implements AutoCloseable {
  private final InContextClassifier reader;
  private final SupportSet rows;
  private final ContextRows context;
  private final TableEncoder encoder;
  private final TokenCells cells;
  private final long seed;
  private final InContextClassifier.Context once; // null where each prompt has rows of its own

  /**
   * @param rows those of the context, in its order
   * @param seed of every reading
   */
  public InContextOnlyScorer(
      InContextClassifier reader,
      SupportSet rows,
      ContextRows context,
      TableEncoder encoder,
      long seed) {
    this.reader = reader;
    this.rows = rows;
    this.context = context;
    this.encoder = encoder;
    this.cells = new TokenCells(encoder.columns());
    this.seed = seed;
    this.once = context.drawn() == null ? null : rows.only(context.drawn()).read(reader, seed);
  }

  /** The probability of each label for each prompt: (prompts, labels), rows sum to 1. */
  public double[][] probabilities(List<Prompt> prompts) {
    int[][] asked = prompts.stream().map(encoder::prompt).map(cells::of).toArray(int[][]::new);
    return once != null
        ? once.probabilities(asked)
        : rows.answers(reader, prompts.stream().map(context::picked).toList(), asked, seed);
  }

  @Override
  public void close() {
    if (once != null) {
      once.close();
    }
  }
}
