package io.lift.core.table;

import io.lift.core.task.NumberStats;
import java.util.List;
import java.util.Set;

/**
 * A summary of a column's values.
 *
 * @param name name of the column
 * @param type the inferred type as a feature
 * @param possible the possible types
 * @param present number of values that are not missing
 * @param missing number of missing values
 * @param distinct number of distinct values; null if there are too many to count
 * @param numbers statistics, if every value is a number; otherwise null
 * @param values the distinct values, in order; empty if there are too many to count
 */
public record ColumnSummary(
    String name,
    FieldType type,
    Set<FieldType> possible,
    long present,
    long missing,
    Integer distinct,
    NumberStats numbers,
    List<String> values) {}
