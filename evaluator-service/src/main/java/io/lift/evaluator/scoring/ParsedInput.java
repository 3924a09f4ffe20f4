package io.lift.evaluator.scoring;

/** What one input record turns into. */
sealed interface ParsedInput permits JoinInput, Outcome, DeadLetter {}
