package io.lift.service.http;

import io.lift.messages.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

  private static final String GRPC = "application/grpc";
  private static final int UNKNOWN = 2;

  /** UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED, RESOURCE_EXHAUSTED, UNAVAILABLE. */
  private static final Map<Integer, Integer> GRPC_STATUSES =
      Map.of(401, 16, 403, 7, 404, 12, 413, 8, 503, 14);

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

  /** Ends a call with this problem. A body that the caller still sends is not read. */
  void sendUnread(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) { // which has no such header
      request.response().putHeader("Connection", "close");
    }
    send(request);
  }

  /** Ends a call with this problem; a call of gRPC with one of its statuses. */
  void send(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    HttpServerResponse response = request.response();
    if (type != null && type.startsWith(GRPC)) {
      response
          .putHeader("Content-Type", GRPC)
          .putHeader("grpc-status", Integer.toString(GRPC_STATUSES.getOrDefault(status, UNKNOWN)))
          .putHeader("grpc-message", percentEncoded(detail))
          .end();
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", MEDIA_TYPE)
        .end(Buffer.buffer(Json.write(this)));
  }

  /** As the protocol of gRPC wants a message in a header. */
  private static String percentEncoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
