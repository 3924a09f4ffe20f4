/**
 * Probabilities one can use: temperatures, label sets and intervals that keep what they promise,
 * learnt from labels as they arrive.
 */
package io.lift.core.calibration;
