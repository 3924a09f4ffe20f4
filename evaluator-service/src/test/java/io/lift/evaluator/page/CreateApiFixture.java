package io.lift.evaluator.page;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.lift.messages.Topics;
import io.quarkus.test.common.http.TestHTTPResource;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;

/** The interface through which the page creates tasks, on a real broker. */
abstract class CreateApiFixture {
  static final Topics TOPICS = Topics.of("");
  static final Duration SOON = Duration.ofSeconds(60);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @TestHTTPResource("/")
  URI root;

  @BeforeEach
  void ready() {
    await().atMost(SOON).until(() -> get("/q/health/group/page").statusCode() == 200);
  }

  /** By a client that does not print what it sends, which takes minutes for megabytes. */
  HttpResponse<String> post(String path, byte[] body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(root.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  static ValidatableResponse drop(String name, byte[] csv, int status) {
    return given()
        .queryParam("name", name)
        .contentType("text/csv")
        .body(csv)
        .post("/api/proposals/csv")
        .then()
        .statusCode(status);
  }
}
