package io.lift.page.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.service.http.ApiException;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;

/** Reads small JSON bodies within a bound. */
final class Bodies {
  private static final int MOST_BYTES = 1024 * 1024;

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Bodies() {}

  /**
   * The whole body.
   *
   * @throws ApiException if it is too large
   */
  static byte[] bytes(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new ApiException(Status.REQUEST_ENTITY_TOO_LARGE, "The body can have 1 MiB at most.");
    }
    return bytes;
  }

  /**
   * The body as JSON of a type.
   *
   * @throws ApiException if it is none
   */
  static <T> T json(InputStream body, Class<T> type) throws IOException {
    T read;
    try {
      read = JSON.readValue(bytes(body), type);
    } catch (JacksonException e) {
      if (e.getCause() instanceof IllegalArgumentException invalid) {
        throw new ApiException(Status.BAD_REQUEST, invalid.getMessage());
      }
      throw new ApiException(Status.BAD_REQUEST, "The body is not the JSON that belongs here.");
    }
    if (read == null) {
      throw new ApiException(Status.BAD_REQUEST, "The body is not the JSON that belongs here.");
    }
    return read;
  }
}
