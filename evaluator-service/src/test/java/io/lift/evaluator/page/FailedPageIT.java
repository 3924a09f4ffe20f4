package io.lift.evaluator.page;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.equalTo;

import io.lift.evaluator.WithBroker;
import io.lift.page.live.LogFollower;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The service with a page that cannot start. */
@QuarkusTest
@WithBroker
@TestProfile(FailedPageIT.Failing.class)
class FailedPageIT {

  public static final class Failing implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(FailingParts.class);
    }
  }

  /** Makes no follower of the log. */
  @Alternative
  @Singleton
  public static class FailingParts {
    @Produces
    @Singleton
    LogFollower follower() {
      throw new IllegalStateException("the page fails on purpose");
    }
  }

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @Test
  void scoringWorksAndIsReady() {
    ScoringCheck.run(bootstrap, "beside-failed-page");
    get("/q/health/group/page").then().statusCode(503);
    get("/api/tasks").then().statusCode(200).body("ready", equalTo(false));
  }
}
