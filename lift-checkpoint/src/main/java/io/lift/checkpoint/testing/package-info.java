/** Model folders with random weights, for tests and for measurements of speed and memory. */
package io.lift.checkpoint.testing;
