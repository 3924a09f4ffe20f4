package io.lift.model.scoring;

import io.lift.core.prompt.Prompt;
import io.lift.model.context.ContextReader;
import io.lift.model.context.ShownRows;
import io.lift.model.context.TokenCells;
import io.lift.model.method.ContextRows;
import io.lift.model.text.TableEncoder;
import java.util.List;

/**
 * The pretrained model's answers where nothing is trained: each prompt's own rows in context are
 * all that it has read. Thread-safe.
 */
public final class ReadAlone implements AutoCloseable {
  private final ContextReader reader;
  private final ShownRows rows;
  private final ContextRows context;
  private final TableEncoder encoder;
  private final TokenCells cells;
  private final long seed;
  private final ContextReader.Context once; // null where each prompt has rows of its own

  /**
   * @param rows those of the context, in its order
   * @param seed of every reading
   */
  public ReadAlone(
      ContextReader reader, ShownRows rows, ContextRows context, TableEncoder encoder, long seed) {
    this.reader = reader;
    this.rows = rows;
    this.context = context;
    this.encoder = encoder;
    this.cells = new TokenCells(encoder.columns());
    this.seed = seed;
    this.once = context.drawn() == null ? null : read(context.drawn());
  }

  /** The probability of each label for each prompt: (prompts, labels), rows sum to 1. */
  public double[][] probabilities(List<Prompt> prompts) {
    int[][] asked = prompts.stream().map(encoder::prompt).map(cells::of).toArray(int[][]::new);
    if (once != null) {
      return once.probabilities(asked);
    }
    double[][] answers = new double[asked.length][];
    for (int p = 0; p < asked.length; p++) {
      try (ContextReader.Context own = read(context.picked(prompts.get(p)))) {
        answers[p] = own.probabilities(new int[][] {asked[p]})[0];
      }
    }
    return answers;
  }

  private ContextReader.Context read(int[] places) {
    return rows.only(places).read(reader, seed);
  }

  @Override
  public void close() {
    if (once != null) {
      once.close();
    }
  }
}
