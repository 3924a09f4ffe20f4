package io.lift.inference.http;

import io.lift.inference.calls.CallException;
import io.lift.service.http.ApiException;
import jakarta.ws.rs.core.Response;

/** The HTTP status of a call that ended without answers. */
final class CallProblems {
  private CallProblems() {}

  static ApiException of(CallException error) {
    return new ApiException(status(error.kind()), error.getMessage());
  }

  static Response.Status status(CallException.Kind kind) {
    return switch (kind) {
      case INVALID -> Response.Status.BAD_REQUEST;
      case NOT_FOUND -> Response.Status.NOT_FOUND;
      case TOO_LARGE -> Response.Status.REQUEST_ENTITY_TOO_LARGE;
      case UNAVAILABLE -> Response.Status.SERVICE_UNAVAILABLE;
      case FAILED -> Response.Status.INTERNAL_SERVER_ERROR;
    };
  }
}
