package io.lift.model.scoring;

import io.lift.core.prompt.Prompt;
import io.lift.model.incontext.InContextReader;
import io.lift.model.incontext.RowContent;
import io.lift.model.incontext.SupportSet;
import io.lift.model.incontext.TokenCells;
import io.lift.model.method.ContextRows;
import io.lift.model.text.TableEncoder;
import java.util.List;

/**
 * The in-context model's answers where nothing is trained. Where rows stand before prompts, each
 * query uses only those before its own. Thread-safe.
 */
public final class InContextOnlyScorer implements AutoCloseable {
  private final InContextReader model;
  private final SupportSet supportSet;
  private final ContextRows context;
  private final TableEncoder encoder;
  private final TokenCells cells;
  private final long seed;
  private final InContextReader.Context shared; // null where each prompt has rows of its own

  /**
   * @param supportSet the rows of the context, in its order; all of them are read without one
   * @param context the rows that stand before prompts; null for none
   * @param seed of the model's passes
   */
  public InContextOnlyScorer(
      InContextReader model,
      SupportSet supportSet,
      ContextRows context,
      TableEncoder encoder,
      long seed) {
    this.model = model;
    this.supportSet = supportSet;
    this.context = context;
    this.encoder = encoder;
    this.cells = new TokenCells(encoder.columns());
    this.seed = seed;
    this.shared = shared();
  }

  private InContextReader.Context shared() {
    if (context == null) {
      return supportSet.read(model, seed);
    }
    int[] sample = context.sharedSample();
    return sample == null ? null : supportSet.subset(sample).read(model, seed);
  }

  /** The probability of each label for each prompt: (prompts, labels), rows sum to 1. */
  public double[][] probabilities(List<Prompt> prompts) {
    List<RowContent> queries =
        prompts.stream()
            .map(p -> new RowContent(cells.of(encoder.prompt(p)), encoder.texts(p)))
            .toList();
    if (shared != null) {
      return shared.probabilities(queries);
    }
    List<int[]> usable = prompts.stream().map(context::select).toList();
    return supportSet.probabilities(model, usable, queries, seed);
  }

  /** What is kept of the rows, where all prompts have the same. */
  public long bytes() {
    return shared == null ? 0 : shared.bytes();
  }

  @Override
  public void close() {
    if (shared != null) {
      shared.close();
    }
  }
}
