package io.lift.service.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every way to fail has the same body; a service without a token. */
@QuarkusTest
class ProblemIT {

  record Body(int number) {}

  @Path("/fails")
  @Produces(MediaType.APPLICATION_JSON)
  public static class Failing {
    @GET
    @Path("/known")
    public String known() {
      throw new ApiException(jakarta.ws.rs.core.Response.Status.SERVICE_UNAVAILABLE, "Not now.");
    }

    @GET
    @Path("/unexpected")
    public String unexpected() {
      throw new IllegalStateException("a secret of the inside");
    }

    @POST
    @Path("/json")
    @Consumes(MediaType.APPLICATION_JSON)
    public int json(Body body) {
      return body.number();
    }
  }

  @Singleton
  static class Routes {
    void register(@Observes Router router) {
      router.get("/route-fails").handler(context -> context.fail(new IllegalStateException("x")));
      router.get("/route-gives-up").handler(context -> context.fail(409));
      router.get("/route-throws").handler(Routes::fail);
    }

    private static void fail(RoutingContext context) {
      throw new IllegalStateException("a secret of the inside");
    }
  }

  @Test
  void anEndpointSaysWhyInOneSentence() {
    problem(given().get("/fails/known"), 503, "Not now.")
        .then()
        .header("Retry-After", "1")
        .body("title", equalTo("Service Unavailable"));
  }

  @Test
  void whatIsUnexpectedIsToldToTheLogOnly() {
    problem(given().get("/fails/unexpected"), 500, "its log says why");
    problem(given().get("/route-fails"), 500, "its log says why");
    problem(given().get("/route-throws"), 500, "its log says why");
  }

  @Test
  void whatTheFrameworkAnswersHasTheSameBody() {
    problem(given().get("/nowhere"), 404, "nothing at this path");
    problem(given().accept("text/html").get("/nowhere"), 404, "nothing at this path");
    problem(given().get("/fails/nowhere"), 404, "nothing at this path");
    problem(given().post("/fails/known"), 405, "method");
    problem(given().accept("text/csv").get("/fails/known"), 406, "Accept");
    problem(given().contentType("text/plain").body("1").post("/fails/json"), 415, "Content-Type");
    problem(given().get("/route-gives-up"), 409, "Conflict");
  }

  @Test
  void aBodyThatIsNotTheExpectedJsonIsRejected() {
    for (String body : new String[] {"{", "[]", "{\"number\": \"x\"}"}) {
      problem(given().contentType("application/json").body(body).post("/fails/json"), 400, "body");
    }
  }

  @Test
  void aBodyAboveTheLimitIsRejected() {
    problem(
        given().contentType("application/json").body("x".repeat(2000)).post("/fails/json"),
        413,
        "larger");
  }

  @Test
  void withoutATokenInTheSettingsNoCallNeedsOne() {
    given().get("/fails/known").then().statusCode(503);
    given().accept("text/html").get("/nowhere").then().statusCode(404);
    given().formParam("token", "").post("/login").then().statusCode(401);
  }

  @Test
  void aBlankTokenIsNone() {
    assertThat(CallerAuthentication.token(config("  "))).isEmpty();
    assertThat(CallerAuthentication.token(config("x"))).isPresent();
  }

  private static HttpConfig config(String token) {
    return new HttpConfig() {
      @Override
      public Optional<String> token() {
        return Optional.of(token);
      }

      @Override
      public Optional<Set<String>> hosts() {
        return Optional.empty();
      }
    };
  }

  @Test
  void everyResponseTellsBrowsersWhatIsAllowed() {
    for (String path : new String[] {"/fails/known", "/nowhere", "/login"}) {
      given()
          .get(path)
          .then()
          .header(
              "Content-Security-Policy", containsString("default-src 'none'; script-src 'self'"))
          .header("Content-Security-Policy", containsString("require-trusted-types-for 'script'"))
          .header("X-Content-Type-Options", "nosniff")
          .header("X-Frame-Options", "DENY")
          .header("Referrer-Policy", "no-referrer")
          .header("Cross-Origin-Opener-Policy", "same-origin")
          .header("Cross-Origin-Resource-Policy", "same-origin");
    }
    given()
        .header("Host", "evil.example")
        .get("/nowhere")
        .then()
        .statusCode(403)
        .contentType(Problem.MEDIA_TYPE)
        .header("X-Frame-Options", "DENY");
  }

  private static Response problem(Response response, int status, String detail) {
    response
        .then()
        .statusCode(status)
        .contentType(Problem.MEDIA_TYPE)
        .body("status", equalTo(status))
        .body("detail", containsString(detail));
    return response;
  }
}
