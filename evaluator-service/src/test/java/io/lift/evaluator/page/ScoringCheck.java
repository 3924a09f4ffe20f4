package io.lift.evaluator.page;

import static io.restassured.RestAssured.get;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.lift.evaluator.EvaluatorInput;
import io.lift.testing.Loans;
import java.time.Duration;

/** Checks that rows are scored by a service that is ready. */
final class ScoringCheck {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private ScoringCheck() {}

  static void run(String bootstrap, String task) {
    await().atMost(LIMIT).until(() -> get("/q/health/ready").statusCode() == 200);
    get("/q/health/live").then().statusCode(200);
    try (EvaluatorInput input = new EvaluatorInput(bootstrap)) {
      input.create(Loans.approvals(task));
      input.prompt(task, "a", "yes");
      input.predict(task, "a", "yes", 1);
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  get("/metrics/" + task)
                      .then()
                      .statusCode(200)
                      .body("total.count", equalTo(1f))
                      .body("total.accuracy", equalTo(1f)));
    }
  }
}
