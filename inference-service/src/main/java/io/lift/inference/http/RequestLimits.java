package io.lift.inference.http;

import io.lift.inference.InferenceService;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;

/** What every call must pass before it is looked at. */
final class RequestLimits {
  private RequestLimits() {}

  /**
   * @throws WebApplicationException if a call brings too much
   */
  static void admit(byte[] body, int maxBytes) {
    if (body.length > maxBytes) {
      throw Problem.of(
          Response.Status.REQUEST_ENTITY_TOO_LARGE,
          "one call may have %d bytes at most".formatted(maxBytes));
    }
  }

  /** Why a service that cannot answer cannot. */
  static WebApplicationException closed(InferenceService service) {
    if (service.waitingFor().isEmpty()) {
      return Problem.of(
          Response.Status.SERVICE_UNAVAILABLE,
          "every checkpoint was made for another base model; give trainer and inference the same"
              + " lift.model.path");
    }
    return Problem.of(
        Response.Status.SERVICE_UNAVAILABLE,
        "the service is starting: waiting for " + String.join(", ", service.waitingFor()));
  }
}
