package io.lift.inference.requests;

import io.lift.messages.PredictionMessage;
import java.util.Optional;

/**
 * Answers that take long: they are made beside the request loop, while their requests are parked.
 * Called by the loop's thread.
 */
public interface DeferredAnswers {

  /** Whether the answer is made. The first call has it begun, unless too many are being made. */
  boolean ready(Request request);

  /** The answer, once; empty if it is not made, or could not be. */
  Optional<PredictionMessage> take(Request request);

  /** The request has left this replica, or is answered. */
  void forget(Request request);
}
