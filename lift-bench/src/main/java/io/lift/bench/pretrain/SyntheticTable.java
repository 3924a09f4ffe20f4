package io.lift.bench.pretrain;

/**
 * A classification that was made up. Rows are in no order.
 *
 * @param features (rows, columns) numbers; NaN where one is missing
 * @param labels of the rows, from 0
 * @param classes how many labels there are
 */
record SyntheticTable(double[][] features, int[] labels, int classes) {}
