package io.lift.evaluator.page;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.lift.evaluator.EvaluatorInput;
import io.lift.evaluator.WithBroker;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.TopicSample;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.testing.Loans;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Creating tasks as the page does. */
@QuarkusTest
@WithBroker
class CreateApiIT extends CreateApiFixture {
  @Test
  void whatLabelsMeanCanBeSaidWhereTextsAreComparedWithIt() {
    StringBuilder csv = new StringBuilder("message,size,team\n");
    for (int i = 0; i < 40; i++) {
      csv.append("this is a message of some words number %d,%d,".formatted(i, i));
      csv.append(i % 2 == 0 ? "Q1\n" : "Q2\n");
    }
    ValidatableResponse proposed = drop("queues.csv", csv.toString().getBytes(UTF_8), 200);
    proposed.body("labels", equalTo(List.of("Q1", "Q2")));
    String proposal = proposed.extract().path("id");

    Map<String, Object> choices =
        Map.of(
            "name", "queues",
            "target", "team",
            "labelTexts", Map.of("Q1", "a message about money", "Q2", " ", "Q3", "nothing"));
    correct(proposal, choices)
        .statusCode(200)
        .body("choices.labelTexts", equalTo(Map.of("Q1", "a message about money")));
    correct(proposal, Map.of("target", "size"))
        .statusCode(200)
        .body("labels", nullValue())
        .body("problem", nullValue());
    given()
        .contentType("application/json")
        .body(Map.of("proposal", proposal, "choices", choices, "send", false))
        .post("/api/tasks")
        .then()
        .statusCode(201);
    await()
        .atMost(SOON)
        .until(
            () ->
                Map.of("Q1", "a message about money")
                    .equals(get("/api/tasks/queues").path("spec.labelTexts")));
  }

  private static ValidatableResponse correct(String proposal, Map<String, Object> choices) {
    return given()
        .contentType("application/json")
        .body(choices)
        .post("/api/proposals/" + proposal)
        .then();
  }

  @Test
  void aDroppedTableIsReadAsPeopleWriteTablesAndATypeCanBeCorrected() {
    StringBuilder csv = new StringBuilder(";Größe;am;Preis;gut;\n");
    for (int i = 0; i < 60; i++) {
      csv.append("%d;%d,5;%02d.11.2026;1.%03d,00 €;".formatted(i, i % 7, 1 + i % 28, i));
      csv.append(i % 3 == 0 ? "nein;\n" : "ja;\n");
    }
    byte[] latin1 = csv.toString().getBytes(Charset.forName("windows-1252"));
    ValidatableResponse proposed = drop("Angebote.csv", latin1, 200);
    proposed
        .body("choices.target", equalTo("gut"))
        .body(
            "columns.type",
            equalTo(List.of("leave out", "number", "date", "number", "category", "leave out")))
        .body("columns[1].name", equalTo("Größe"))
        .body("columns[2].types", hasItems("date", "text"))
        .body("columns[3].max", equalTo(1059f))
        .body("choices.columns.am", equalTo("date"))
        .body("remarks", hasItem(containsString("Angebote.csv is read as windows-1252")))
        .body("remarks", hasItem(containsString("with a decimal comma")))
        .body("remarks", hasItem(containsString("day, month, year")))
        .body("sentence", containsString("=Sunday, x4=November, "))
        .body("problem", nullValue());
    String id = proposed.extract().path("id");
    given()
        .body("{\"columns\":{\"am\":\"text\",\"Unnamed: 0\":\"number\"}}")
        .post("/api/proposals/" + id)
        .then()
        .statusCode(200)
        .body("sentence", containsString("01.11.2026"));
    given()
        .body("{\"columns\":{\"am\":\"words\"}}")
        .post("/api/proposals/" + id)
        .then()
        .statusCode(400)
        .body(containsString("A column can be number, category, text, date or leave out"));
  }

  @Test
  void aDroppedTableBecomesATaskAndItsRowsGoToKafka() {
    StringBuilder csv = new StringBuilder("age;car;id;paid\n");
    for (int i = 0; i < 60; i++) {
      csv.append(i % 50).append(i % 2 == 0 ? ";bmw;" : ";vw;").append("x").append(i);
      csv.append(i % 3 == 0 ? ";no\n" : ";yes\n");
    }
    ValidatableResponse proposed = drop("my loans.csv", csv.toString().getBytes(UTF_8), 200);
    proposed
        .body("kind", equalTo("csv"))
        .body("rows", equalTo(60))
        .body("choices.name", equalTo("my-loans"))
        .body("choices.target", equalTo("paid"))
        .body("choices.type", equalTo("classification"))
        .body("columns.name", equalTo(List.of("age", "car", "id", "paid")))
        .body("columns.type", equalTo(List.of("number", "category", "text", "category")))
        .body("columns[0].types", hasItems("number", "category", "text"))
        .body("columns[0].max", equalTo(49f))
        .body("columns[1].categories", equalTo(List.of("bmw", "vw")))
        .body("preview[0]", equalTo(List.of("0", "bmw", "x0", "no")))
        .body("sentence", startsWith("When we have x1="))
        .body("completion", containsString("no"))
        .body("problem", nullValue());
    String id = proposed.extract().path("id");

    String choices =
        "{\"name\":\"loans2\",\"target\":\"paid\",\"columns\":{\"id\":\"leave out\","
            + "\"age\":\"text\"},\"template\":{\"style\":\"named\"}}";
    given()
        .body(choices)
        .post("/api/proposals/" + id)
        .then()
        .statusCode(200)
        .body("choices.columns.age", equalTo("text"))
        .body("sentence", containsString("When we have age=0, car=bmw, What is this paid?"))
        .body("sentence", not(containsString("x0")));
    given()
        .body("{\"columns\":{\"car\":\"number\"}}")
        .post("/api/proposals/" + id)
        .then()
        .statusCode(200)
        .body(
            "problem", equalTo("Column 'car' cannot be read as numbers, because 'bmw' is not one."))
        .body("sentence", nullValue());

    String create = "{\"proposal\":\"" + id + "\",\"choices\":" + choices + "}";
    given().body(create).post("/api/tasks").then().statusCode(201).body("rows", equalTo(60));

    get("/api/tasks/loans2").then().statusCode(200).body("spec.features", hasSize(2));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                get("/api/tasks/loans2")
                    .then()
                    .body("card.upload.state", equalTo("done"))
                    .body("card.upload.sent", equalTo(60)));
    List<ConsumerRecord<byte[], byte[]>> rows =
        TopicSample.read(Map.of("bootstrap.servers", bootstrap), TOPICS.rows().name(), 1000)
            .stream()
            .filter(row -> "loans2".equals(HeaderValues.string(row.headers(), Headers.TASK)))
            .toList();
    assertThat(rows).hasSize(60);
    assertThat(rows).extracting(row -> HeaderValues.text(row.key())).doesNotHaveDuplicates();
    given().body(create).post("/api/tasks").then().statusCode(404);
  }

  @Test
  void aTaskOfThatNameIsNotReplaced() {
    String id = drop("t.csv", "a,b\n1,x\n2,y\n".getBytes(UTF_8), 200).extract().path("id");
    try (EvaluatorInput input = new EvaluatorInput(bootstrap)) {
      input.create(Loans.approvals("taken"));
      await().atMost(SOON).until(() -> get("/api/tasks/taken").statusCode() == 200);
    }
    given()
        .body("{\"proposal\":\"" + id + "\",\"choices\":{\"name\":\"taken\"}}")
        .post("/api/tasks")
        .then()
        .statusCode(409)
        .body("detail", equalTo("There is a task 'taken' already."));
    given()
        .body("{\"proposal\":\"" + id + "\",\"choices\":{\"name\":\"../etc\"}}")
        .post("/api/tasks")
        .then()
        .statusCode(400)
        .body("detail", startsWith("A task's name is"));
  }

  @Test
  void aTopicsFirstRowsBecomeATaskThatReadsIt() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        var producer = KafkaClients.producer(Map.of("bootstrap.servers", bootstrap), Map.of())) {
      admin.createTopics(List.of(new NewTopic("orders", 2, (short) 1))).all().get();
      for (int i = 0; i < 40; i++) {
        String row = "{\"size\":" + i + ",\"kind\":\"" + (i % 2 == 0 ? "a" : "b") + "\"}";
        producer.send(new ProducerRecord<>("orders", row.getBytes(UTF_8))).get();
      }
      producer.send(new ProducerRecord<>("orders", "no json".getBytes(UTF_8))).get();
    }
    get("/api/topics")
        .then()
        .statusCode(200)
        .body("topic", hasItem("orders"))
        .body("topic", not(hasItem("lift.rows")))
        .body("topic", not(hasItem(startsWith("lift-evaluator"))))
        .body("find { it.topic == 'orders' }.records", equalTo(41))
        .body("find { it.topic == 'orders' }.partitions", equalTo(2));
    String id =
        given()
            .body("{\"topic\":\"orders\"}")
            .post("/api/proposals/topic")
            .then()
            .statusCode(200)
            .body("kind", equalTo("topic"))
            .body("rows", equalTo(40))
            .extract()
            .path("id");
    given()
        .body("{\"proposal\":\"" + id + "\",\"choices\":{\"target\":\"kind\"}}")
        .post("/api/tasks")
        .then()
        .statusCode(201)
        .body("task", equalTo("orders"))
        .body("rows", equalTo(0));
    get("/api/tasks/orders").then().body("spec.sources.topic", equalTo(List.of("orders")));
  }

  @Test
  void ownAndMissingTopicsAreRefused() {
    for (String topic : List.of("lift.rows", "__consumer_offsets", "no such", "")) {
      given()
          .body("{\"topic\":\"" + topic + "\"}")
          .post("/api/proposals/topic")
          .then()
          .statusCode(400)
          .body("detail", startsWith("A task is inferred from a topic of your own"));
    }
    given()
        .body("{\"topic\":\"missing\"}")
        .post("/api/proposals/topic")
        .then()
        .statusCode(400)
        .body("detail", equalTo("There are no rows in missing yet."));
  }
}
