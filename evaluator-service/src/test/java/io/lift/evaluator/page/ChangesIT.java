package io.lift.evaluator.page;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.evaluator.WithBroker;
import io.lift.messages.EventMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.testing.Loans;
import io.lift.testing.OidcResource;
import io.lift.testing.OidcServer;
import io.lift.testing.TopicClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks are deleted and replayed over HTTP, by operators only, on a real broker. */
@QuarkusTest
@WithBroker
@QuarkusTestResource(value = OidcResource.class, restrictToAnnotatedClass = true)
class ChangesIT extends CreateApiFixture {
  private final OidcServer server = OidcResource.server();
  private final String olaf = server.token("olaf", "operator");
  private final String anna = server.token("anna", "viewer");
  private TopicClient topics;

  @BeforeEach
  void connect() {
    topics = new TopicClient(bootstrap);
  }

  @AfterEach
  void disconnect() {
    topics.close();
  }

  @Test
  void anOperatorHasOneTopicOfATaskReadAgain() {
    publish(Loans.approvals("again", "orders", "returns"));

    with(olaf)
        .body("{\"from\": \"latest\", \"source\": \"returns\"}")
        .post("/api/tasks/again/replay")
        .then()
        .statusCode(200)
        .body("version", equalTo(2))
        .body("sources", equalTo(List.of("returns")));

    List<TaskSpec> versions =
        records("again").stream().map(r -> Json.read(r.value(), TaskSpec.class)).toList();
    assertThat(versions).hasSize(2);
    Source before = versions.get(0).sources().get(1);
    Source after = versions.get(1).sources().get(1);
    assertThat(versions.get(1).sources().get(0)).isEqualTo(versions.get(0).sources().get(0));
    assertThat(after.reading()).isNotEqualTo(before.reading());
    assertThat(after.from()).isNotNull();
    awaitEvent("again", "olaf replayed task again.");
    with(olaf).get("/api/tasks/again").then().body("spec.version", equalTo(2));
  }

  @Test
  void anOperatorIsToldWhatAReplayLacks() {
    publish(Loans.approvals("lacking", "orders"));

    replay(olaf, "lacking", "{}").statusCode(400).body("detail", containsString("earliest"));
    replay(olaf, "lacking", "{\"from\": \"yesterday\"}")
        .statusCode(400)
        .body("detail", containsString("not 'yesterday'"));
    replay(olaf, "lacking", "{\"from\": \"earliest\", \"source\": \"other\"}")
        .statusCode(400)
        .body("detail", containsString("its sources are orders"));
    replay(olaf, "of-no-task", "{\"from\": \"earliest\"}").statusCode(404);
    assertThat(records("lacking")).hasSize(1);
  }

  @Test
  void anOperatorDeletesATaskOnce() {
    publish(Loans.approvals("gone"));

    with(olaf).delete("/api/tasks/gone").then().statusCode(200).body("task", equalTo("gone"));

    assertThat(records("gone")).hasSize(2).last().matches(record -> record.value() == null);
    with(olaf).get("/api/tasks/gone").then().statusCode(404);
    with(olaf).delete("/api/tasks/gone").then().statusCode(404);
    awaitEvent("gone", "olaf deleted task gone.");
  }

  @Test
  void aViewerIsRefusedBothWhichIsRecorded() {
    publish(Loans.approvals("kept", "orders"));

    String sentence = "needs the role operator, which 'anna' lacks";
    with(anna)
        .delete("/api/tasks/kept")
        .then()
        .statusCode(403)
        .body("detail", containsString(sentence));
    replay(anna, "kept", "{\"from\": \"earliest\"}")
        .statusCode(403)
        .body("detail", containsString(sentence));
    given().delete("/api/tasks/kept").then().statusCode(401);

    awaitEvent("kept", "anna was refused to delete task kept: The role operator is missing.");
    awaitEvent("kept", "anna was refused to replay task kept: The role operator is missing.");
    assertThat(records("kept")).hasSize(1);
  }

  private void publish(TaskSpec task) {
    topics.send(TOPICS.tasks(), task.name(), task);
    await()
        .atMost(SOON)
        .until(() -> with(anna).get("/api/tasks/" + task.name()).statusCode() == 200);
  }

  private List<ConsumerRecord<byte[], byte[]>> records(String task) {
    return topics.read(TOPICS.tasks()).stream()
        .filter(record -> task.equals(HeaderValues.text(record.key())))
        .toList();
  }

  private void awaitEvent(String task, String text) {
    await()
        .atMost(SOON)
        .until(
            () ->
                topics.read(TOPICS.events()).stream()
                    .map(record -> Json.read(record.value(), EventMessage.class))
                    .anyMatch(event -> task.equals(event.task()) && text.equals(event.text())));
  }

  private static io.restassured.response.ValidatableResponse replay(
      String token, String task, String body) {
    return with(token).body(body).post("/api/tasks/" + task + "/replay").then();
  }

  private static RequestSpecification with(String token) {
    return given().contentType("application/json").header("Authorization", "Bearer " + token);
  }
}
