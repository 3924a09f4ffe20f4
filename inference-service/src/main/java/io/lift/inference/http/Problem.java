package io.lift.inference.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * Why a call was turned away, as {@code application/problem+json} (RFC 9457).
 *
 * @param title the kind of problem, in a few words
 * @param status the HTTP status
 * @param detail one sentence
 */
public record Problem(String title, int status, String detail) {
  static final MediaType JSON = MediaType.valueOf("application/problem+json");

  static WebApplicationException of(Response.Status status, String detail) {
    return new WebApplicationException(detail, response(status, detail));
  }

  static Response response(Response.Status status, String detail) {
    Response.ResponseBuilder response =
        Response.status(status)
            .type(JSON)
            .entity(new Problem(status.getReasonPhrase(), status.getStatusCode(), detail));
    if (status == Response.Status.SERVICE_UNAVAILABLE) {
      response.header("Retry-After", 1);
    }
    return response.build();
  }
}
