/** Metrics of answers over a rolling window or a whole stream, tested against scikit-learn. */
package io.lift.core.metrics;
