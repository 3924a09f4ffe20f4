/** Whether explanations name the columns that decide. */
package io.lift.bench.explain;
