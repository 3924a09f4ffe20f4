/**
 * Scoring and generation: the probabilities of a task's answers, distributions over numbers, and
 * sampled rows.
 */
package io.lift.model.scoring;
