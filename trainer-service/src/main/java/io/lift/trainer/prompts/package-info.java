/**
 * Prompts as training examples: the assigned partitions that they are read from and the window of
 * rows that each task keeps.
 */
package io.lift.trainer.prompts;
