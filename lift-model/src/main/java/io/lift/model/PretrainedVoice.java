package io.lift.model;

import io.lift.core.prompt.TaskLanguage;
import io.lift.model.context.ContextReader;
import io.lift.model.context.ShownRows;
import io.lift.model.context.TokenCells;
import io.lift.model.files.CheckpointInvalid;
import io.lift.model.method.ContextRows;
import io.lift.model.scoring.InContext;
import io.lift.model.scoring.ReadAlone;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;

/** The pretrained model with the labelled rows that a checkpoint has it read. */
record PretrainedVoice(ContextReader reader, ShownRows rows, TableEncoder encoder) {
  /** Answers are the same wherever a version is opened. */
  private static final long SEED = 0;

  /**
   * @param shown the checkpoint's rows; null if it has none
   * @throws CheckpointInvalid if they are no rows of this task, or if this base or this task has no
   *     such model
   */
  static PretrainedVoice of(
      BaseModel base, TaskLanguage language, TaskEncoder encoder, int[][] shown) {
    if (base.reader() == null || shown == null || !ShownRows.fit(language, encoder)) {
      throw new CheckpointInvalid("the checkpoint asks for rows in context that are not there.");
    }
    TableEncoder table = (TableEncoder) encoder;
    ShownRows rows = ShownRows.of(table, shown, language.candidates().size());
    return new PretrainedVoice(base.reader(), rows, table);
  }

  /** Heard beside models that were trained: it reads all the rows, once. */
  InContext beside() {
    return new InContext(rows.read(reader, SEED), new TokenCells(encoder.columns()));
  }

  /**
   * Where nothing was trained: it reads the rows in front of each prompt.
   *
   * @param context which of the rows those are
   * @throws CheckpointInvalid if it is of other rows
   */
  ReadAlone alone(ContextRows context) {
    if (context == null || context.rows().size() != rows.rows().cells().length) {
      throw new CheckpointInvalid("the checkpoint's rows in context are not those of its prompts.");
    }
    return new ReadAlone(reader, rows, context, encoder, SEED);
  }
}
