package io.lift.inference.requests;

import io.lift.messages.PredictionMessage;
import java.util.Optional;

/** No answer takes long. */
final class NothingDeferred implements DeferredAnswers {
  @Override
  public boolean ready(Request request) {
    return false;
  }

  @Override
  public Optional<PredictionMessage> take(Request request) {
    return Optional.empty();
  }

  @Override
  public void forget(Request request) {}
}
