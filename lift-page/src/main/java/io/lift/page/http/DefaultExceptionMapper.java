package io.lift.page.http;

import io.quarkus.arc.Unremovable;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever else goes wrong is one sentence too; what it was stands in the log. */
@Provider
@Unremovable
public class DefaultExceptionMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOG = LoggerFactory.getLogger(DefaultExceptionMapper.class);

  @Override
  public Response toResponse(Throwable error) {
    if (error instanceof WebApplicationException known) {
      return known.getResponse().hasEntity()
          ? known.getResponse()
          : sentence(
              known.getResponse().getStatus(),
              known.getResponse().getStatusInfo().getReasonPhrase());
    }
    LOG.error("a call failed", error);
    return sentence(500, "This went wrong here; the service's log says why.");
  }

  private static Response sentence(int status, String error) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(Map.of("error", error))
        .build();
  }
}
