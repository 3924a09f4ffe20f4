package io.lift.service.http;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * Turns a body that is no JSON of the expected type into a {@link Problem}; Quarkus has a mapper
 * for this exception that a mapper of {@link Throwable} does not replace.
 */
@Provider
public class InvalidJsonMapper implements ExceptionMapper<MismatchedInputException> {
  @Override
  public Response toResponse(MismatchedInputException error) {
    return ApiException.response(
        Problem.of(400, "The body is not the JSON that this path expects."));
  }
}
