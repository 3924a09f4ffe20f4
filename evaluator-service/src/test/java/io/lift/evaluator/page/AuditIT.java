package io.lift.evaluator.page;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.evaluator.WithBroker;
import io.lift.messages.Action;
import io.lift.messages.Action.Outcome;
import io.lift.messages.Action.What;
import io.lift.messages.EventMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.RollbackRequest;
import io.lift.testing.OidcResource;
import io.lift.testing.OidcServer;
import io.lift.testing.TopicClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What callers do, and are refused, is on {@code lift.events} of a real broker. */
@QuarkusTest
@WithBroker
@TestProfile(AuditIT.Settings.class)
@QuarkusTestResource(value = OidcResource.class, restrictToAnnotatedClass = true)
class AuditIT extends CreateApiFixture {
  private static final String CSV = "age,approved\n41,yes\n23,no\n".repeat(10);

  public static final class Settings implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("lift.http.token", "s3cret", "lift.page.rollback-timeout", "2s");
    }
  }

  private final OidcServer server = OidcResource.server();

  @Test
  void anOperatorCreatesATaskAndAsksForARollbackByName() {
    create("credits", server.token("olaf", "operator"));
    with(server.token("olaf", "operator"))
        .body(Map.of("version", 3))
        .contentType("application/json")
        .post("/api/tasks/credits/rollback")
        .then()
        .statusCode(202); // there is no trainer

    List<EventMessage> events = awaitEvents(2, "credits");
    assertThat(events.get(0).action())
        .isEqualTo(
            new Action(
                What.CREATE, "olaf", true, Action.Via.HTTP, null, Outcome.DONE, null, null, null));
    assertThat(events.get(0).text()).isEqualTo("olaf created task credits.");
    assertThat(events.get(1).text())
        .isEqualTo("olaf asked to roll back task credits to version 3.");
    assertThat(events.get(1).action().outcome()).isEqualTo(Outcome.REQUESTED);
    try (TopicClient topics = new TopicClient(bootstrap)) {
      assertThat(topics.read(TOPICS.rollbacks()))
          .filteredOn(record -> "credits".equals(HeaderValues.text(record.key())))
          .singleElement()
          .satisfies(
              record ->
                  assertThat(Json.read(record.value(), RollbackRequest.class).by())
                      .isEqualTo("olaf"));
    }

    await()
        .atMost(SOON)
        .until(
            () ->
                with(server.token("anna", "viewer"))
                    .get("/api/actions")
                    .jsonPath()
                    .getList("text")
                    .contains("olaf created task credits."));
    assertThat(
            with("s3cret")
                .get("/api/tasks/credits")
                .jsonPath()
                .<String>getList("events.action.who"))
        .contains("olaf");
  }

  @Test
  void aViewerWhoTriesIsRecordedAndFillsNothing() {
    create("cards", "s3cret");
    assertThat(awaitEvents(1, "cards").get(0).text()).isEqualTo("token created task cards.");

    String anna = server.token("anna", "viewer");
    for (int i = 0; i < 20; i++) {
      with(anna).body("{}").post("/api/tasks/cards/rollback").then().statusCode(403);
    }
    with(server.token("berta", "viewer")).body("{}").post("/api/tasks").then().statusCode(403);
    with(server.token("carl", "viewer"))
        .body("{}")
        .post("/api/tasks/of-no-task/rollback")
        .then()
        .statusCode(403);
    given().body("{}").post("/api/tasks/cards/rollback").then().statusCode(401);

    assertThat(awaitEvents(2, null))
        .filteredOn(event -> !"anna".equals(event.action().who())) // of another test
        .extracting(EventMessage::text)
        .containsExactlyInAnyOrder(
            "berta was refused to create a task: The role operator is missing.",
            "carl was refused to roll back a task: The role operator is missing.");
    List<EventMessage> refused = events("cards").stream().skip(1).toList();
    assertThat(refused)
        .hasSize(5)
        .allSatisfy(
            event -> {
              assertThat(event.action().who()).isEqualTo("anna");
              assertThat(event.action().outcome()).isEqualTo(Outcome.REFUSED);
              assertThat(event.text())
                  .isEqualTo(
                      "anna was refused to roll back task cards: The role operator is missing.");
            });
  }

  private static void create(String name, String token) {
    String proposal =
        with(token)
            .queryParam("name", name + ".csv")
            .contentType("text/csv")
            .body(CSV)
            .post("/api/proposals/csv")
            .then()
            .statusCode(200)
            .extract()
            .path("id");
    with(token)
        .contentType("application/json")
        .body(Map.of("proposal", proposal, "choices", Map.of("name", name, "target", "approved")))
        .post("/api/tasks")
        .then()
        .statusCode(201);
  }

  private List<EventMessage> awaitEvents(int count, String task) {
    await().atMost(SOON).until(() -> events(task).size() >= count);
    return events(task);
  }

  /** The actions on a task, oldest first; of null, those on none. */
  private List<EventMessage> events(String task) {
    try (TopicClient topics = new TopicClient(bootstrap)) {
      return topics.read(TOPICS.events()).stream()
          .map(record -> Json.read(record.value(), EventMessage.class))
          .filter(event -> event.kind() == EventMessage.Kind.ACTION)
          .filter(event -> Objects.equals(event.task(), task))
          .toList();
    }
  }

  private static RequestSpecification with(String token) {
    return given().header("Authorization", "Bearer " + token);
  }
}
