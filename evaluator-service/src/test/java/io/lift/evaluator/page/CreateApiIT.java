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
import io.lift.messages.Topics;
import io.lift.testing.Loans;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Creating tasks as the page does, and what people drop there that is no table. */
@QuarkusTest
@WithBroker
class CreateApiIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration SOON = Duration.ofSeconds(60);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @TestHTTPResource("/")
  URI root;

  @BeforeEach
  void ready() {
    await().atMost(SOON).until(() -> get("/q/health/group/page").statusCode() == 200);
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

  static List<Arguments> brokenTables() {
    return List.of(
        broken("", "is empty"),
        broken("a,b\n", "no rows"),
        broken("a,b\n1,2\n3\n", "line 3: the row has 1 fields, the header 2."),
        broken("a,b\n1,2,3\n", "line 2: the row has 3 fields, the header 2."),
        broken("a,a\n1,2\n", "two columns are named 'a'"),
        broken("a,b\n1,\"2\n3,4\n", "line 2: "),
        broken("a,b\n1,\"2\"x\n", "line 2: "),
        broken("a,b\n\"" + "1,2\n".repeat(700_000), "perhaps because a quote is not closed."),
        broken(
            String.join(",", Collections.nCopies(1_000_000, "c")) + "\n", "a table can have 4097"),
        broken("a,b\n" + ",".repeat(3_000_000), "perhaps because a quote is not closed."),
        Arguments.of(
            new byte[] {(byte) 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a},
            "broken.csv is no CSV file but an image"),
        Arguments.of(new byte[] {'a', ',', 'b', '\n', 0, 0, 1}, "but a binary file"));
  }

  private static Arguments broken(String csv, String why) {
    return Arguments.of(csv.getBytes(UTF_8), why);
  }

  @ParameterizedTest
  @MethodSource("brokenTables")
  void aBrokenTableIsRefusedInOneSentence(byte[] csv, String why) throws Exception {
    String error = error(post("/api/proposals/csv?name=broken.csv", csv), 400);

    assertThat(error)
        .contains(why)
        .doesNotContain("Exception")
        .endsWith(error.contains("?") ? "?" : ".");
    assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void byteOrderMarksQuotesAndScriptAreRead() {
    String name = "<script>alert(1)</script>";
    String csv =
        "\uFEFF\"" + name + "\";y\n\"<img src=x onerror=alert(1)>\";1\n\"a \"\"b\"\"\n;c\";2\n";
    drop(name + ".csv", csv.getBytes(UTF_8), 200)
        .contentType("application/json")
        .body("source", equalTo(name + ".csv"))
        .body("columns[0].name", equalTo(name))
        .body("preview[0][0]", equalTo("<img src=x onerror=alert(1)>"))
        .body("preview[1][0]", equalTo("a \"b\"\n;c"))
        .body("choices.name", equalTo("script-alert-1-script"));
  }

  @Test
  void anUploadOfAHundredMegabytesIsRefusedClearly() throws Exception {
    byte[] large = new byte[100 * 1024 * 1024];
    byte[] line = "1,2\n".getBytes(UTF_8);
    for (int i = 0; i < large.length; i++) {
      large[i] = line[i % 4];
    }
    assertThat(error(post("/api/proposals/csv?name=large.csv", large), 413))
        .isEqualTo("A table dropped here can have 64 MiB at most.");
    assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void bodiesThatAreNoJsonOrTooLargeAreRefused() throws Exception {
    for (String path :
        List.of(
            "/api/tasks", "/api/proposals/x", "/api/proposals/topic", "/api/tasks/t/rollback")) {
      for (String body : List.of("", "{", "[]", "null", "\"x\"", "[".repeat(100_000))) {
        assertThat(error(post(path, body.getBytes(UTF_8)), 400))
            .isEqualTo("The body is not the JSON that belongs here.");
      }
      assertThat(error(post(path, new byte[2 * 1024 * 1024]), 413)).contains("1 MiB");
    }
  }

  /** By a client that does not print what it sends, which takes minutes for megabytes. */
  private HttpResponse<String> post(String path, byte[] body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(root.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String error(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JsonPath.from(response.body()).getString("detail");
  }

  private static ValidatableResponse drop(String name, byte[] csv, int status) {
    return given()
        .queryParam("name", name)
        .contentType("text/csv")
        .body(csv)
        .post("/api/proposals/csv")
        .then()
        .statusCode(status);
  }
}
