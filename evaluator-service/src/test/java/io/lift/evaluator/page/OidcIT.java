package io.lift.evaluator.page;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lift.evaluator.WithBroker;
import io.lift.testing.OidcResource;
import io.lift.testing.OidcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What viewers and operators of an OpenID Connect provider may do on the page. */
@QuarkusTest
@WithBroker
@QuarkusTestResource(value = OidcResource.class, restrictToAnnotatedClass = true)
class OidcIT {
  private static final List<String> READS =
      List.of("/", "/api/me", "/api/tasks", "/api/topics", "/api/dead-letters", "/metrics");

  /** What changes something; bodies of nonsense. */
  private static final List<String> ACTIONS =
      List.of(
          "/api/proposals/csv",
          "/api/proposals/topic",
          "/api/proposals/nothing",
          "/api/tasks",
          "/api/tasks/nothing/rollback",
          "/api/tasks/nothing/replay");

  private final OidcServer server = OidcResource.server();

  @Test
  void aViewerLooksAndTriesARowAndChangesNothing() {
    String anna = server.token("anna", "viewer");

    for (String path : READS) {
      with(anna).get(path).then().statusCode(200);
    }
    with(anna).get("/api/me").then().body("name", equalTo("anna")).body("operator", equalTo(false));
    with(anna).body("{}").post("/api/tasks/nothing/try").then().statusCode(404);
    for (String path : ACTIONS) {
      with(anna)
          .body("[]")
          .post(path)
          .then()
          .statusCode(403)
          .body("detail", containsString("needs the role operator, which 'anna' lacks"));
    }
  }

  @Test
  void anOperatorIsToldWhatIsWrongWithTheBodyInstead() {
    String olaf = server.token("olaf", "operator");

    with(olaf).get("/api/me").then().body("operator", equalTo(true));
    for (String path : ACTIONS) {
      assertThat(with(olaf).body("[]").post(path).statusCode()).as(path).isIn(400, 404);
    }
  }

  @Test
  void whoHasNoRoleOrNoValidTokenGetsNothing() {
    String roleless = server.token("otto", "everybody");
    Map<String, Object> operator = Map.of("roles", "operator");
    String expired = server.token("olaf", OidcServer.CLIENT, Duration.ofHours(-1), operator);

    for (String path : READS) {
      with(roleless).get(path).then().statusCode(403);
      with(expired).get(path).then().statusCode(401);
      given().get(path).then().statusCode(401);
    }
    for (String path : ACTIONS) {
      with(roleless).body("[]").post(path).then().statusCode(403);
      with(expired).body("[]").post(path).then().statusCode(401);
      given().body("[]").post(path).then().statusCode(401);
    }
  }

  @Test
  @Timeout(120)
  void theStreamOfEventsEndsWithTheToken() throws Exception {
    Map<String, Object> viewer = Map.of("roles", "viewer");
    String brief = server.token("anna", OidcServer.CLIENT, Duration.ofSeconds(3), viewer);
    HttpURLConnection call =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:%d/api/stream".formatted(RestAssured.port))
                .toURL()
                .openConnection();
    call.setRequestProperty("Authorization", "Bearer " + brief);

    try (BufferedReader lines = new BufferedReader(new InputStreamReader(call.getInputStream()))) {
      assertThat(lines.lines().toList()).contains("event:tasks"); // until its end
    }
    with(brief).get("/api/tasks").then().statusCode(401);
  }

  private static RequestSpecification with(String token) {
    return given().header("Authorization", "Bearer " + token);
  }
}
