package io.lift.model.incontext;

/**
 * The tokens that a row in context is a sum of. A row is read as one token: its label's vector (or
 * the question's), and for each column the column's two vectors, times its value and its rank.
 */
public final class RowTokens {
  /** Labels that a table can have; which label has which token is drawn for each reading. */
  public static final int LABELS = 10;

  /** Columns that one reading can hold. */
  public static final int COLUMNS = 20;

  /** Tokens in all, V: labels, the question, and value and rank of each column. */
  public static final int SIZE = LABELS + 1 + 2 * COLUMNS;

  /** Stands where a label is asked for. */
  static final int QUESTION = LABELS;

  private RowTokens() {}

  static int value(int column) {
    return LABELS + 1 + 2 * column;
  }

  static int rank(int column) {
    return value(column) + 1;
  }
}
