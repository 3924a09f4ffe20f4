package io.lift.core.prompt;

/**
 * A question about one column of a partly known row. Columns are numbered as the task's features,
 * with the target after the last.
 *
 * @param cells by column: the value as written in a sentence; null if it is not known
 * @param column the column whose value is the answer
 */
public record ColumnQuestion(String[] cells, int column) {}
