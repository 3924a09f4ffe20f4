/**
 * Clients of Lift's topics: connection settings, tasks, rows out, predictions and generated rows
 * back, lags.
 */
package io.lift.cli.kafka;
