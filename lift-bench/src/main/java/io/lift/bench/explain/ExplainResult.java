package io.lift.bench.explain;

import java.util.List;

/**
 * What came of the explained rows of one function.
 *
 * @param function 1..10
 * @param columns that decide in it
 * @param rows explained
 * @param right share of them whose answer is right
 * @param all share of them in which the deciding columns have the first places
 * @param first share of them in which a deciding column has the first place
 * @param variants changed rows for one explanation, on average
 * @param millis milliseconds that one explanation took, on average
 */
record ExplainResult(
    int function,
    List<String> columns,
    int rows,
    double right,
    double all,
    double first,
    double variants,
    double millis) {}
