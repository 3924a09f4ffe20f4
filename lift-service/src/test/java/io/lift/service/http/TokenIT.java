package io.lift.service.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A service with a token. */
@QuarkusTest
@TestProfile(TokenIT.Secret.class)
class TokenIT {
  private static final String SECRET = "s3cret";

  public static final class Secret implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("lift.http.token", SECRET);
    }
  }

  @Test
  void onlyHealthMetricsAndTheFormAreOpen() {
    given().get("/login").then().statusCode(200);
    for (String open : new String[] {"/q/health", "/q/health/ready", "/q/metrics"}) {
      given().get(open).then().statusCode(not(equalTo(401)));
    }
    String[] closed = {
      "/",
      "/api/tasks",
      "/fails/known",
      "/nowhere",
      "/q/dev",
      "/q/health/..%2fapi/tasks",
      "/login/x"
    };
    for (String path : closed) {
      given()
          .urlEncodingEnabled(false)
          .get(path)
          .then()
          .statusCode(401)
          .contentType(Problem.MEDIA_TYPE)
          .header("WWW-Authenticate", "Bearer")
          .body("status", equalTo(401));
    }
  }

  @Test
  void theTokenAndTheCookieOfTheFormAreAcceptedAndNothingElse() {
    String session = new AccessToken(SECRET).session();
    answers(404, "Bearer s3cret", null);
    answers(404, "bearer s3cret", null);
    answers(404, null, session);
    answers(401, "Bearer s3cre", null);
    answers(401, "Basic s3cret", null);
    answers(401, null, SECRET);
    answers(401, null, new AccessToken("other").session());
  }

  private static void answers(int status, String authorization, String session) {
    var request = given();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (session != null) {
      request.cookie(CallerAuthentication.COOKIE, session);
    }
    Response response = request.get("/nowhere");
    response.then().statusCode(status).contentType(Problem.MEDIA_TYPE);
  }
}
