package io.lift.bench.paper;

import io.lift.cli.eval.AnsweredRow;
import java.util.BitSet;
import java.util.List;

/**
 * Which test rows of a cell got the right label. A row without a valid answer is wrong.
 *
 * @param rows how many there are
 * @param right the rows that are right, in the set's order
 * @param truths hash of all true labels: cells with the same one have the same test rows
 */
record RowScores(int rows, BitSet right, int truths) {

  static RowScores of(List<AnsweredRow> answers) {
    BitSet right = new BitSet(answers.size());
    for (int i = 0; i < answers.size(); i++) {
      AnsweredRow row = answers.get(i);
      right.set(i, row.answer() != null && row.truth().equals(row.answer().label()));
    }
    int truths = answers.stream().map(AnsweredRow::truth).toList().hashCode();
    return new RowScores(answers.size(), right, truths);
  }

  boolean hasRowsOf(RowScores other) {
    return rows == other.rows && truths == other.truths;
  }
}
