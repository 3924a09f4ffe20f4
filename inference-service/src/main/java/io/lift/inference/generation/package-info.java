/**
 * Requests for generated rows: rows are sampled from a task's model, and those of one request are
 * committed with its offset in one transaction.
 */
package io.lift.inference.generation;
