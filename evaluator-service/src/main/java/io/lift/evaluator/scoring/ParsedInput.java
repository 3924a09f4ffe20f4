package io.lift.evaluator.scoring;

/** The result of parsing one input record. */
sealed interface ParsedInput permits JoinInput, Outcome, JoinedExample, DeadLetter {}
