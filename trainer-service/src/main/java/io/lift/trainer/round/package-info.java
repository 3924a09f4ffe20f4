/**
 * Rounds of fine-tuning: when one is due, what it is trained on, and how its checkpoint comes
 * about.
 */
package io.lift.trainer.round;
