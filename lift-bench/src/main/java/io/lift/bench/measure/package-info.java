/** What benchmarks measure with: paired trials, child processes, resident memory. */
package io.lift.bench.measure;
