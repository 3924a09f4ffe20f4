/**
 * Requests for predictions on Kafka: they are read in batches, scored in micro-batches, and
 * committed with their predictions in one transaction.
 */
package io.lift.inference.requests;
