package io.lift.model.incontext;

import java.util.List;

/**
 * Labelled rows as checkpoints store them.
 *
 * @param table (rows, columns + 1): cells, then the label
 * @param texts of the text columns, (rows, text columns); null for a task without any
 */
public record StoredRows(int[][] table, List<List<String>> texts) {}
