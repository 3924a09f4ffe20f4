/**
 * The experiments of the paper, run through Kafka and the services on the paper's own splits and on
 * generated sets, beside classical baselines and the paper's figures.
 *
 * <p>An experiment is one entry of {@code experiments.yaml}; the paper's figures are the lines of
 * {@code figures.csv}. Each run of one method on one set is a {@link io.lift.bench.paper.Cell cell}
 * with a file of its own, and the report is computed from these files alone.
 */
package io.lift.bench.paper;
