package io.lift.service.http;

import io.lift.messages.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Map;

/**
 * The body of every error, {@code application/problem+json} (RFC 9457).
 *
 * @param title the reason phrase of the status
 * @param status the HTTP status
 * @param detail one sentence for the caller
 */
public record Problem(String title, int status, String detail) {
  /** The media type of the body. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final Map<Integer, String> DETAILS =
      Map.of(
          400, "The request cannot be read: check its path, query and body.",
          401, "This service needs a token: send 'Authorization: Bearer TOKEN'.",
          403, "This call is not allowed.",
          404, "There is nothing at this path.",
          405, "This path does not take this method.",
          406, "This path cannot answer with any type in the Accept header.",
          413, "The body is larger than this service accepts.",
          415, "This path does not take a body of this Content-Type.",
          500, "The service failed; its log says why.",
          503, "The service is busy; send the request again later.");

  /** A problem with a sentence of its own. */
  public static Problem of(int status, String detail) {
    return new Problem(HttpResponseStatus.valueOf(status).reasonPhrase(), status, detail);
  }

  /** A problem that says what its status means here. */
  public static Problem of(int status) {
    String title = HttpResponseStatus.valueOf(status).reasonPhrase();
    return new Problem(title, status, DETAILS.getOrDefault(status, title + "."));
  }

  /** Ends a response with this problem. A body that the caller still sends is not read. */
  void sendUnread(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) { // which has no such header
      request.response().putHeader("Connection", "close");
    }
    send(request.response());
  }

  /** Ends a response with this problem. */
  void send(HttpServerResponse response) {
    response
        .setStatusCode(status)
        .putHeader("Content-Type", MEDIA_TYPE)
        .end(Buffer.buffer(Json.write(this)));
  }
}
