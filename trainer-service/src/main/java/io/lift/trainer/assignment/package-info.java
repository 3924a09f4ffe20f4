/**
 * What is assigned to this trainer: its partitions and their tasks, the state of each task's
 * training, and the choice of the next work. {@link io.lift.trainer.assignment.Assignment} guards
 * all of it with one lock.
 */
package io.lift.trainer.assignment;
