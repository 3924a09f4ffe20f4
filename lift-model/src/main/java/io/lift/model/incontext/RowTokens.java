package io.lift.model.incontext;

/**
 * The vocabulary of the in-context model. A row is read as one token: the sum of its label's vector
 * (or the query's) and, for each column, of the column's two vectors, times its value and its rank.
 */
public final class RowTokens {
  /** Labels that a table can have; each pass draws which label has which token. */
  public static final int LABELS = 10;

  /** Columns that one pass can hold. */
  public static final int COLUMNS = 20;

  /** Tokens in all, V: labels, the query, and value and rank of each column. */
  public static final int SIZE = LABELS + 1 + 2 * COLUMNS;

  /** Takes the place of a label in a query. */
  static final int QUERY = LABELS;

  private RowTokens() {}

  static int value(int column) {
    return LABELS + 1 + 2 * column;
  }

  static int rank(int column) {
    return value(column) + 1;
  }
}
