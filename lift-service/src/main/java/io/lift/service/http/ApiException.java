package io.lift.service.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** Ends a call with a {@link Problem}. */
public final class ApiException extends WebApplicationException {
  private static final long serialVersionUID = 1L;
  private static final int RETRY_AFTER_SECONDS = 1;

  /**
   * @param status the HTTP status; 503 tells the caller to retry after one second
   * @param detail one sentence for the caller
   */
  public ApiException(Response.Status status, String detail) {
    super(detail, response(Problem.of(status.getStatusCode(), detail)));
  }

  /** The response that carries a problem. */
  static Response response(Problem problem) {
    Response.ResponseBuilder response =
        Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
    if (problem.status() == Response.Status.SERVICE_UNAVAILABLE.getStatusCode()) {
      response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return response.build();
  }
}
