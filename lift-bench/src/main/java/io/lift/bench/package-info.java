/** {@code lift bench}: benchmarks of speed, of delivery guarantees and of the paper. */
package io.lift.bench;
