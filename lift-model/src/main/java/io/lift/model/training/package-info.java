/**
 * Training in the order of a step: batches, forward and backward pass, AdamW, and the checkpoint
 * that holds the state.
 */
package io.lift.model.training;
