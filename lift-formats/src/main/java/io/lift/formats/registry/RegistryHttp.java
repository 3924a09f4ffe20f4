package io.lift.formats.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * Asks a registry by the REST API of Confluent, which Karapace has too, and Apicurio under {@code
 * /apis/ccompat/v7}. Thread-safe.
 */
final class RegistryHttp {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int MAX_SCHEMA_CHARS = 4 * 1024 * 1024;
  private static final int NOT_FOUND = 404;
  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final int INVALID = 422;
  private static final int MAX_REASON = 400;
  private static final String CONTENT = "application/vnd.schemaregistry.v1+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistrySettings settings;
  private HttpClient client; // made at the first call: most services need none

  RegistryHttp(RegistrySettings settings) {
    this.settings = settings;
  }

  /**
   * The answer to a question.
   *
   * @param path after the address of the registry, from the slash on
   * @return null if there is nothing of that name
   * @throws SchemaUnavailableException if no replica answers, or access is refused
   */
  JsonNode get(String path) throws SchemaUnavailableException {
    Answer answer = ask(path, HttpRequest.Builder::GET);
    if (answer.refused()) {
      throw unexpected(answer.url(), path, answer.status());
    }
    return answer.body();
  }

  /**
   * The answer to something that is sent.
   *
   * @return null if there is nothing of that name
   * @throws SchemaRefusedException if the registry does not take what is sent
   * @throws SchemaUnavailableException if no replica answers, or access is refused
   */
  JsonNode post(String path, JsonNode body)
      throws SchemaUnavailableException, SchemaRefusedException {
    Answer answer =
        ask(
            path,
            request ->
                request
                    .header("Content-Type", CONTENT)
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    if (answer.refused()) {
      throw new SchemaRefusedException(why(answer));
    }
    return answer.body();
  }

  /**
   * What a registry answers.
   *
   * @param body null if there is nothing of that name
   */
  private record Answer(String url, int status, JsonNode body) {
    /** Whether it does not take what was sent. */
    boolean refused() {
      return status == CONFLICT || status == INVALID;
    }
  }

  private Answer ask(String path, UnaryOperator<HttpRequest.Builder> method)
      throws SchemaUnavailableException {
    if (settings.urls().isEmpty()) {
      throw new SchemaUnavailableException(
          "The records have schemas in a schema registry, and this service knows none: set"
              + " lift.registry.url");
    }
    SchemaUnavailableException failure = null;
    for (String url : settings.urls()) {
      try {
        return ask(url, path, method);
      } catch (SchemaUnavailableException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private Answer ask(String url, String path, UnaryOperator<HttpRequest.Builder> method)
      throws SchemaUnavailableException {
    HttpResponse<String> response;
    try {
      response =
          client()
              .send(
                  method.apply(request(url + path)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaUnavailableException("The schema registry at " + url + " was not waited for");
    } catch (IOException | IllegalArgumentException e) {
      String why = e.getMessage() == null ? "the connection failed" : e.getMessage();
      throw new SchemaUnavailableException(
          "The schema registry at " + url + " (lift.registry.url) does not answer: " + why);
    }
    int status = response.statusCode();
    if (status == NOT_FOUND) {
      requireRegistry(url, response.body());
      return new Answer(url, status, null);
    }
    if (status == 401 || status == 403) {
      throw new SchemaUnavailableException(
          "The schema registry at %s refuses access (status %d): check lift.registry.user, .password and .token"
              .formatted(url, status));
    }
    boolean known = status == OK || status == CONFLICT || status == INVALID;
    if (!known || response.body().length() > MAX_SCHEMA_CHARS) {
      throw unexpected(url, path, status);
    }
    return new Answer(url, status, json(url, response.body()));
  }

  private static SchemaUnavailableException unexpected(String url, String path, int status) {
    return new SchemaUnavailableException(
        "The schema registry at %s answers %s with status %d".formatted(url, path, status));
  }

  /** What the registry says of its refusal, on one line. */
  private static String why(Answer answer) {
    String text = answer.body().path("message").asText("status " + answer.status());
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "…";
  }

  private static JsonNode json(String url, String body) throws SchemaUnavailableException {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new SchemaUnavailableException(
          "What answers at %s (lift.registry.url) is no schema registry: its answer is not JSON"
              .formatted(url));
    }
  }

  /** A registry says by a code what it has not found; any other server does not. */
  private static void requireRegistry(String url, String body) throws SchemaUnavailableException {
    try {
      if (JSON.readTree(body).has("error_code")) {
        return;
      }
    } catch (IOException e) {
      // said below
    }
    throw new SchemaUnavailableException(
        "What answers at %s (lift.registry.url) is no schema registry; Apicurio's needs /apis/ccompat/v7 at the end"
            .formatted(url));
  }

  private synchronized HttpClient client() {
    if (client == null) {
      HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
      if (settings.trust() != null) {
        builder.sslContext(settings.trust());
      }
      client = builder.build();
    }
    return client;
  }

  private HttpRequest.Builder request(String url) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(ANSWER)
            .header("Accept", CONTENT + ", application/json");
    if (settings.token() != null) {
      request.header("Authorization", "Bearer " + settings.token());
    } else if (settings.user() != null) {
      String password = settings.password() == null ? "" : settings.password();
      byte[] both = (settings.user() + ":" + password).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both));
    }
    return request;
  }
}
