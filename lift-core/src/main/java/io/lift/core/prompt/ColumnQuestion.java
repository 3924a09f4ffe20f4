package io.lift.core.prompt;

/**
 * What is asked of a row of which a part is known: the value of one more column. Columns are
 * counted as the task's features, the target after the last of them.
 *
 * @param cells by column: the value as it is written in a sentence; null where it is not known
 * @param asked the column that is asked
 */
public record ColumnQuestion(String[] cells, int asked) {}
