package io.lift.model;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.incontext.InContextClassifier;
import io.lift.model.incontext.SupportSet;
import io.lift.model.incontext.TokenCells;
import io.lift.model.method.ContextRows;
import io.lift.model.scoring.InContextMember;
import io.lift.model.scoring.InContextOnlyScorer;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;

/** The pretrained model with the labelled rows that a checkpoint has it read. */
record InContextModel(InContextClassifier reader, SupportSet rows, TableEncoder encoder) {
  /** Answers are the same wherever a version is opened. */
  private static final long SEED = 0;

  /**
   * @param shown the checkpoint's rows; null if it has none
   * @throws InvalidCheckpointException if they are no rows of this task, or if this base or this
   *     task has no such model
   */
  static InContextModel of(
      BaseModel base, TaskLanguage language, TaskEncoder encoder, int[][] shown) {
    if (base.reader() == null || shown == null || !SupportSet.fit(language, encoder)) {
      throw new InvalidCheckpointException(
          "the checkpoint asks for rows in context that are not there.");
    }
    TableEncoder table = (TableEncoder) encoder;
    SupportSet rows = SupportSet.of(table, shown, language.candidates().size());
    return new InContextModel(base.reader(), rows, table);
  }

  /** Heard beside models that were trained: it reads all the rows, once. */
  InContextMember beside() {
    return new InContextMember(rows.read(reader, SEED), new TokenCells(encoder.columns()));
  }

  /**
   * Where nothing was trained: it reads the rows in front of each prompt.
   *
   * @param context which of the rows those are
   * @throws InvalidCheckpointException if it is of other rows
   */
  InContextOnlyScorer alone(ContextRows context) {
    if (context == null || context.rows().size() != rows.rows().cells().length) {
      throw new InvalidCheckpointException(
          "the checkpoint's rows in context are not those of its prompts.");
    }
    return new InContextOnlyScorer(reader, rows, context, encoder, SEED);
  }
}
