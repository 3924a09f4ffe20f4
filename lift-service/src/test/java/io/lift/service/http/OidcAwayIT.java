package io.lift.service.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lift.testing.OidcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A provider that takes connections and says nothing, then is gone, then is there. */
@QuarkusTest
@TestProfile(OidcAwayIT.Settings.class)
@QuarkusTestResource(value = OidcAwayIT.Silence.class, restrictToAnnotatedClass = true)
class OidcAwayIT {
  private static ServerSocket silent;

  public static final class Settings implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("lift.http.token", "s3cret");
    }
  }

  public static final class Silence implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      try {
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Map.of(
          "lift.http.oidc.issuer", "http://localhost:%d/acme".formatted(silent.getLocalPort()));
    }

    @Override
    public void stop() {
      try {
        silent.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void theServiceIsUpWithoutItsProviderAndGoesOnWhenItIsBack() throws IOException {
    refusesForNow();
    int port = silent.getLocalPort();
    silent.close();
    refusesForNow();

    String olaf;
    try (OidcServer server = new OidcServer(false, port)) {
      olaf = server.token("olaf", "viewer");
      with(olaf).then().statusCode(404).body("detail", containsString("nothing at this path"));
    }
    // its keys are known by now
    with(olaf).then().statusCode(404);
  }

  private static void refusesForNow() {
    given().get("/q/health/ready").then().statusCode(200);
    with("s3cret").then().statusCode(404);
    given().get("/nowhere").then().statusCode(401);
    away(with("a.b.c"));
    away(given().accept("text/html").redirects().follow(false).get("/login/oidc"));
  }

  private static void away(Response response) {
    response
        .then()
        .statusCode(503)
        .contentType(Problem.MEDIA_TYPE)
        .body("detail", equalTo(TokenProblem.AWAY.sentence()));
  }

  private static Response with(String token) {
    return given().header("Authorization", "Bearer " + token).get("/nowhere");
  }
}
