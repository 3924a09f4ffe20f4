package io.lift.evaluator.scoring;

/** What one input record turns into. */
sealed interface Read permits Arrival, Outcome, DeadLetter {}
