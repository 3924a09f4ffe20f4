package io.lift.evaluator.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Why a call was turned away, as {@code {"error": "one sentence"}}. */
final class Refused extends WebApplicationException {
  private static final long serialVersionUID = 1L;

  Refused(int status, String error) {
    super(
        error,
        Response.status(status)
            .type(MediaType.APPLICATION_JSON_TYPE)
            .entity(Map.of("error", error))
            .build());
  }

  static Refused unknownTask(String task) {
    return new Refused(404, "There is no task '" + task + "'.");
  }
}
