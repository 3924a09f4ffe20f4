package io.lift.evaluator;

/** What one input record turns into. */
sealed interface Read permits Arrival, Outcome, DeadLetter {}
