package io.lift.evaluator.page;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lift.evaluator.WithBroker;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.Cookie;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The service with a token. */
@QuarkusTest
@WithBroker
@TestProfile(TokenIT.Secret.class)
class TokenIT {

  public static final class Secret implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("lift.http.token", "open sesame");
    }
  }

  @Test
  void withoutTheTokenNothingIsAnsweredButHealthAndMetrics() {
    for (String path :
        new String[] {"/api/tasks", "/api/stream", "/metrics", "/metrics/x", "/assets/x/y"}) {
      given()
          .get(path)
          .then()
          .statusCode(401)
          .header("WWW-Authenticate", "Bearer")
          .body("detail", containsString("Authorization: Bearer TOKEN"));
    }
    given().post("/api/proposals/csv").then().statusCode(401);
    given().get("/q/health/live").then().statusCode(200);
    given().get("/q/metrics").then().statusCode(200);
    given().header("Authorization", "Bearer wrong").get("/api/tasks").then().statusCode(401);
    given().header("Authorization", "Bearer open sesame").get("/api/tasks").then().statusCode(200);
  }

  @Test
  void aBrowserSignsInByTheFormAndStaysSignedIn() {
    given()
        .accept("text/html")
        .redirects()
        .follow(false)
        .get("/")
        .then()
        .statusCode(303)
        .header("Location", equalTo("/login"));
    given().get("/login").then().statusCode(200).body(containsString("name=\"token\""));
    given()
        .formParam("token", "guess")
        .post("/login")
        .then()
        .statusCode(401)
        .body(containsString("That is not the token."));

    Cookie session =
        given()
            .redirects()
            .follow(false)
            .formParam("token", "open sesame")
            .post("/login")
            .then()
            .statusCode(303)
            .header("Set-Cookie", containsString("HTTPOnly"))
            .header("Set-Cookie", containsString("SameSite=Strict"))
            .extract()
            .detailedCookie("lift_session");
    given().cookie(session).get("/api/tasks").then().statusCode(200);
    given().cookie(session).get("/").then().statusCode(200).contentType("text/html");
    given()
        .cookie(session)
        .header("Origin", "http://evil.example")
        .post("/api/tasks")
        .then()
        .statusCode(403);
  }
}
