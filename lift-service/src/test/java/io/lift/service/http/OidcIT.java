package io.lift.service.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lift.service.identity.Caller;
import io.lift.service.identity.Roles;
import io.lift.testing.OidcResource;
import io.lift.testing.OidcServer;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.filter.cookie.CookieFilter;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A service whose callers a real OpenID Connect server knows, beside the token. */
@QuarkusTest
@TestProfile(OidcIT.Settings.class)
@QuarkusTestResource(value = OidcResource.class, restrictToAnnotatedClass = true)
class OidcIT {
  public static final class Settings implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "lift.http.token", "s3cret", "lift.http.oidc.operators", "operator,/lift admins");
    }
  }

  private final OidcServer server = OidcResource.server();

  @Path("/guarded")
  public static class Guarded {
    private final SecurityIdentity identity;

    Guarded(SecurityIdentity identity) {
      this.identity = identity;
    }

    @GET
    public String look() {
      Caller caller = Caller.of(identity);
      return caller.name().orElse("nobody")
          + (caller.isOperator() ? " operator" : " viewer")
          + (caller.until().filter(Instant.now()::isBefore).isPresent() ? " for a while" : "");
    }

    @POST
    @RolesAllowed(Roles.OPERATOR)
    public String act() {
      return "done";
    }
  }

  @Singleton
  static class Refusals {
    static final List<RefusedAction> SEEN = new CopyOnWriteArrayList<>();

    void refused(@Observes RefusedAction refused) {
      SEEN.add(refused);
    }
  }

  @Test
  void aViewerMayLookAndNotAct() {
    Refusals.SEEN.clear();
    String anna = server.token("anna", "viewer");

    with(anna).get("/guarded").then().statusCode(200).body(equalTo("anna viewer for a while"));
    problem(with(anna).post("/guarded"), 403, "needs the role operator, which 'anna' lacks");

    assertThat(Refusals.SEEN)
        .singleElement()
        .satisfies(
            refused -> {
              assertThat(refused.caller().name()).contains("anna");
              assertThat(refused.method() + " " + refused.path()).isEqualTo("POST /guarded");
            });
  }

  @Test
  void anOperatorMayDoEverythingAndSoMayTheToken() {
    for (String token : List.of(server.token("olaf", "operator"), "s3cret")) {
      with(token).get("/guarded").then().statusCode(200).body(containsString(" operator"));
      with(token).post("/guarded").then().statusCode(200).body(equalTo("done"));
    }
  }

  @Test
  void rolesComeFromTheUsualClaimsAndUnderTheNamesOfTheSettings() {
    List<Map<String, Object>> claims =
        List.of(
            Map.of("groups", List.of("/lift admins")),
            Map.of("realm_access", Map.of("roles", List.of("other", "operator"))),
            Map.of("roles", "operator viewer"));
    for (Map<String, Object> claim : claims) {
      with(server.token("olaf", OidcServer.CLIENT, Duration.ofHours(1), claim))
          .post("/guarded")
          .then()
          .statusCode(200);
    }
  }

  @Test
  void whoHasNoRoleMayDoNothing() {
    for (String token : List.of(server.token("otto"), server.token("otto", "Operator", "admin"))) {
      problem(with(token).get("/guarded"), 403, "needs the role viewer, which 'otto' lacks");
      problem(with(token).post("/guarded"), 403, "needs the role viewer, which 'otto' lacks");
      problem(with(token).get("/nowhere"), 403, "lift.http.oidc.viewers");
    }
  }

  @Test
  void aBrowserOfSomebodyWithoutARoleShowsThatAndAWayOut() {
    given()
        .header("Authorization", "Bearer " + server.token("<b>otto</b>"))
        .accept("text/html")
        .get("/guarded")
        .then()
        .statusCode(403)
        .contentType("text/html")
        .body(containsString("which '&lt;b&gt;otto&lt;/b&gt;' lacks"))
        .body(containsString("action=\"/logout\""));
  }

  @Test
  void tokensThatAreNotTheProvidersOrNotForThisServiceAreRefused() {
    Duration hour = Duration.ofHours(1);
    Map<String, Object> operator = Map.of("roles", List.of("operator"));
    Map<String, String> refused =
        Map.of(
            server.token("olaf", OidcServer.CLIENT, hour.negated(), operator),
            "has expired",
            server.token("olaf", "another-service", hour, operator),
            "audience",
            server.tokenOfAnotherIssuer("olaf", "operator"),
            "token is not",
            server.forgedToken("olaf", "operator"),
            "has not signed it",
            server.unsignedToken("olaf", "operator"),
            "has not signed it",
            "no-token",
            "has not signed it",
            "a.b.c",
            "has not signed it");
    refused.forEach(
        (token, why) -> {
          problem(with(token).get("/guarded"), 401, why);
          problem(with(token).post("/guarded"), 401, why);
        });
    problem(given().get("/guarded"), 401, "sign in at /login");
  }

  @Test
  void aBrowserSignsInWithTheProviderAndOut() {
    server.signInAs("berta", "viewer");
    CookieFilter browser = new CookieFilter();

    given().accept("text/html").get("/login").then().body(containsString("href=\"/login/oidc\""));
    given()
        .filter(browser)
        .accept("text/html")
        .redirects()
        .follow(false)
        .get("/guarded")
        .then()
        .statusCode(303)
        .header("Location", equalTo("/login"));
    String back = step(browser, "/login/oidc", 302);
    assertThat(back).startsWith(server.issuer()).contains("code_challenge_method=S256");
    String home = step(browser, back, 302);
    assertThat(home).contains("/login/oidc?").contains("code=");
    String entered = step(browser, home, 302);
    assertThat(step(browser, entered, 303)).isEqualTo("/");

    given()
        .filter(browser)
        .get("/guarded")
        .then()
        .statusCode(200)
        .body(equalTo("berta viewer for a while"));
    problem(given().filter(browser).post("/guarded"), 403, "'berta'");

    given().filter(browser).post("/logout").then().statusCode(200);
    problem(given().filter(browser).get("/guarded"), 401, "sign in at /login");
  }

  @Test
  void aSessionThatNobodyHasMadeLeadsToSigningInAndNotIntoACircle() {
    Response refused =
        given()
            .cookie("q_session", "made|up|3|4")
            .accept("text/html")
            .redirects()
            .follow(false)
            .get("/guarded");

    refused.then().statusCode(303).header("Location", equalTo("/login"));
    assertThat(refused.detailedCookie("q_session").getMaxAge()).isZero();
  }

  private static String step(CookieFilter browser, String address, int status) {
    Response response =
        given()
            .filter(browser)
            .urlEncodingEnabled(false)
            .accept("text/html")
            .redirects()
            .follow(false)
            .get(address);
    response.then().statusCode(status);
    return response.header("Location");
  }

  private static RequestSpecification with(String token) {
    return given().header("Authorization", "Bearer " + token);
  }

  private static void problem(Response response, int status, String detail) {
    response
        .then()
        .statusCode(status)
        .contentType(Problem.MEDIA_TYPE)
        .body("status", equalTo(status))
        .body("detail", containsString(detail));
  }
}
