package io.lift.core.table;

import io.lift.core.task.ColumnType;
import io.lift.core.task.NumberStats;
import java.util.List;
import java.util.Set;

/**
 * What the rows so far tell of a column.
 *
 * @param name its name
 * @param type how it would be read as a feature
 * @param possible how it could be read
 * @param present values that are there
 * @param missing rows without one
 * @param distinct different values; null if too many to tell
 * @param numbers if every value is a number: their statistics; otherwise null
 * @param values the different values, in order; empty if too many to tell
 */
public record ColumnSummary(
    String name,
    ColumnType type,
    Set<ColumnType> possible,
    long present,
    long missing,
    Integer distinct,
    NumberStats numbers,
    List<String> values) {}
