package io.lift.service.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every exception of an endpoint into a {@link Problem}. The log gets unexpected ones. */
@Provider
public class ProblemExceptionMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemExceptionMapper.class);

  @Override
  public Response toResponse(Throwable error) {
    if (error instanceof WebApplicationException known) {
      Response response = known.getResponse();
      return response.hasEntity() || response.getStatus() < 400
          ? response
          : ApiException.response(Problem.of(response.getStatus()));
    }
    LOG.error("a call failed", error);
    return ApiException.response(Problem.of(500));
  }
}
