package io.lift.page.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Why a call was turned away, as {@code {"error": "one sentence"}}. */
final class ApiException extends WebApplicationException {
  private static final long serialVersionUID = 1L;

  ApiException(int status, String error) {
    super(
        error,
        Response.status(status)
            .type(MediaType.APPLICATION_JSON_TYPE)
            .entity(Map.of("error", error))
            .build());
  }

  static ApiException unknownTask(String task) {
    return new ApiException(404, "There is no task '" + task + "'.");
  }
}
