package io.lift.model;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.incontext.InContextReader;
import io.lift.model.incontext.StoredRows;
import io.lift.model.incontext.SupportSet;
import io.lift.model.method.ContextRows;
import io.lift.model.scoring.InContextMember;
import io.lift.model.scoring.InContextOnlyScorer;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;

/** The in-context model with the support set of a checkpoint. */
record InContextModel(InContextReader reader, SupportSet supportSet, TableEncoder encoder) {
  /** A constant, so that a checkpoint gives the same answers in every process. */
  private static final long SEED = 0;

  /**
   * @param rows the checkpoint's support set; null if it has none
   * @throws InvalidCheckpointException if the rows are not of this task, or if this base or this
   *     task has no in-context model
   */
  static InContextModel of(
      BaseModel base, TaskLanguage language, TaskEncoder encoder, StoredRows rows) {
    if (base.inContextModel() == null || rows == null || !SupportSet.fits(language, encoder)) {
      throw new InvalidCheckpointException(
          "the checkpoint needs a support set and an in-context model, which are not there.");
    }
    TableEncoder table = (TableEncoder) encoder;
    SupportSet supportSet =
        SupportSet.ofStored(
            table,
            rows,
            language.candidates().size(),
            language.targetGrid() != null,
            base.meanings(language, table));
    return new InContextModel(base.inContextModel(), supportSet, table);
  }

  /** Beside trained members: it reads the whole support set once. */
  InContextMember member() {
    return new InContextMember(supportSet.read(reader, SEED), encoder);
  }

  /**
   * Where nothing is trained: it reads the rows that stand before each prompt, or the whole support
   * set.
   *
   * @param context the rows before prompts, the same as the support set; null for none
   * @throws InvalidCheckpointException if the context has other rows
   */
  InContextOnlyScorer onlyScorer(ContextRows context) {
    if (context != null && context.rows().size() != supportSet.size()) {
      throw new InvalidCheckpointException(
          "the checkpoint's rows in context are not those of its prompts.");
    }
    return new InContextOnlyScorer(reader, supportSet, context, encoder, SEED);
  }
}
