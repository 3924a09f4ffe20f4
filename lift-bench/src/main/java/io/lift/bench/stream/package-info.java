/** Loan rows as examples, as records and as a steady stream, and a reader of committed records. */
package io.lift.bench.stream;
