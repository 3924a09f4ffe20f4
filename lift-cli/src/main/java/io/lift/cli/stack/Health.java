package io.lift.cli.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
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

  /** Where the service at this port is stuck: {@code stuck at topic-partition@offset …}. */
  public static Optional<String> stuck(int port) {
    return data(port, Progress.PLACE).stream().findFirst();
  }

  /** What people should know about the service at this port, one sentence or more each. */
  public static List<String> notes(int port) {
    return data(port, Progress.NOTE);
  }

  private static List<String> data(int port, String key) {
    return response(port, READY)
        .map(HttpResponse::body)
        .map(
            body -> {
              try {
                return JSON.readTree(body).findValuesAsText(key);
              } catch (JsonProcessingException e) {
                return List.<String>of();
              }
            })
        .orElse(List.of());
  }

  /** The body of a successful GET; empty for any failure. */
  public static Optional<String> get(int port, String path) {
    return response(port, path)
        .filter(response -> response.statusCode() == 200)
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
