package io.lift.inference.http;

import io.lift.inference.ServiceStatus;
import io.lift.service.http.ApiException;
import jakarta.ws.rs.core.Response;

/** The checks before a call is read. */
final class RequestLimits {
  private RequestLimits() {}

  /**
   * @throws ApiException if the body has more bytes than a call may have
   */
  static void check(byte[] body, int maxBytes) {
    if (body.length > maxBytes) {
      throw new ApiException(
          Response.Status.REQUEST_ENTITY_TOO_LARGE,
          "one call may have %d bytes at most".formatted(maxBytes));
    }
  }

  /**
   * @throws ApiException if the service is not ready
   */
  static void checkReady(ServiceStatus status) {
    if (!status.ready()) {
      throw notReady(status);
    }
  }

  /** Says why the service cannot answer. */
  static ApiException notReady(ServiceStatus status) {
    if (status.waitingFor().isEmpty()) {
      return new ApiException(
          Response.Status.SERVICE_UNAVAILABLE,
          "every checkpoint was made for another base model; give trainer and inference the same"
              + " lift.model.path");
    }
    return new ApiException(
        Response.Status.SERVICE_UNAVAILABLE,
        "the service is starting: waiting for " + String.join(", ", status.waitingFor()));
  }
}
