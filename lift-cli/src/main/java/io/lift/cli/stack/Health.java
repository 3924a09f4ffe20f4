package io.lift.cli.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.kafka.Progress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Requests to the services' health endpoints. */
public final class Health {
  private static final String READY = "/q/health/ready";
  private static final int OK = 200;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  private Health() {}

  /** Whether the service at this port says that it is ready. */
  public static boolean isReady(int port) {
    return get(port, READY).isPresent();
  }

  /**
   * What the service at this port says of itself.
   *
   * @param ready whether it is ready
   * @param stuck where it is stuck: {@code stuck at topic-partition@offset …}
   * @param notes what people should know, one sentence or more each
   */
  public record Report(boolean ready, Optional<String> stuck, List<String> notes) {}

  /** What the service at this port says of itself; not ready if it does not answer. */
  public static Report report(int port) {
    return response(port, READY)
        .map(response -> report(response.statusCode() == OK, response.body()))
        .orElse(new Report(false, Optional.empty(), List.of()));
  }

  private static Report report(boolean ready, String body) {
    try {
      JsonNode checks = JSON.readTree(body);
      return new Report(
          ready,
          checks.findValuesAsText(Progress.PLACE).stream().findFirst(),
          checks.findValuesAsText(Progress.NOTE));
    } catch (JsonProcessingException e) {
      return new Report(ready, Optional.empty(), List.of());
    }
  }

  /** The body of a successful GET; empty for any failure. */
  public static Optional<String> get(int port, String path) {
    return response(port, path)
        .filter(response -> response.statusCode() == OK)
        .map(HttpResponse::body);
  }

  private static Optional<HttpResponse<String>> response(int port, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return Optional.of(CLIENT.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
