/**
 * Calibration of answers from labels as they arrive: temperatures, conformal label sets and
 * intervals.
 */
package io.lift.core.calibration;
