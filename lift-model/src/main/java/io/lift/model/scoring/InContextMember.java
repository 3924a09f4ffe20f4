package io.lift.model.scoring;

import io.lift.core.prompt.Prompt;
import io.lift.model.incontext.InContextReader;
import io.lift.model.incontext.RowContent;
import io.lift.model.incontext.TokenCells;
import io.lift.model.text.TableEncoder;
import java.util.ArrayList;
import java.util.List;

/** The in-context model's answers to the prompts of one task, from a support set that was read. */
public final class InContextMember implements AutoCloseable {
  private final InContextReader.Context context;
  private final TableEncoder encoder;
  private final TokenCells cells;

  /**
   * @param context the support set, read; closed with this
   * @param encoder of the task
   */
  public InContextMember(InContextReader.Context context, TableEncoder encoder) {
    this.context = context;
    this.encoder = encoder;
    this.cells = new TokenCells(encoder.columns());
  }

  /**
   * Answers prompts.
   *
   * @param tokens of the prompts
   * @return (prompts, labels), rows sum to 1
   */
  double[][] probabilities(List<Prompt> prompts, List<int[]> tokens) {
    List<RowContent> rows = new ArrayList<>();
    for (int p = 0; p < tokens.size(); p++) {
      rows.add(new RowContent(cells.of(tokens.get(p)), encoder.texts(prompts.get(p))));
    }
    return context.probabilities(rows);
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
