package io.lift.evaluator.page;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;

import io.lift.evaluator.WithBroker;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The service with the page disabled. */
@QuarkusTest
@WithBroker
@TestProfile(DisabledPageIT.Disabled.class)
class DisabledPageIT {

  public static final class Disabled implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("lift.page.enabled", "false");
    }
  }

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @Test
  void scoringWorksAndIsReady() {
    ScoringCheck.run(bootstrap, "without-page");
  }

  @Test
  void thePathsOfThePageSayThatItIsDisabled() {
    for (String path : new String[] {"/", "/api/tasks", "/api/stream", "/assets/x/y"}) {
      given()
          .get(path)
          .then()
          .statusCode(404)
          .contentType("application/problem+json")
          .body("detail", containsString("lift.page.enabled"));
    }
    get("/q/health/group/page").then().statusCode(200);
  }
}
