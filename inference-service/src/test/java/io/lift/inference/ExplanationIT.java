package io.lift.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.messages.Explanation;
import io.lift.messages.Explanation.Contribution;
import io.lift.messages.Explanation.Replacement;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import io.lift.testing.Loans;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** What the columns contribute to answers, on a real broker. */
@QuarkusTest
@WithBroker
class ExplanationIT extends InferenceFixture {
  private static final Header EXPLAIN = header("true");

  private static Header header(String value) {
    return new RecordHeader(Headers.EXPLAIN, HeaderValues.bytes(value));
  }

  /** Row {@code n}: the risk is high where the income is below 50. The age does not matter. */
  private static Map<String, Object> values(int n) {
    return Map.of("age", 30.0 + n % 40, "income", (double) (37 * n % 100));
  }

  private static Prompt prompt(TaskSpec task, int n) {
    Map<String, Object> values = values(n);
    return Loans.prompt(
        new TaskLanguage(task), (Double) values.get("age"), (Double) values.get("income"));
  }

  private static Origin origin(int n) {
    return new Origin("lift.rows", 0, 5_000 + n, 0);
  }

  private TaskSpec learned(String name, int rows) {
    TaskSpec task = Loans.risks(name, 1, BeforeFirstCheckpoint.BASE);
    client.task(task);
    TaskLanguage language = new TaskLanguage(task);
    for (int n = 0; n < rows; n++) {
      Prompt prompt = prompt(task, n);
      String label = (Double) values(n).get("income") < 50 ? "high" : "low";
      client
          .topics()
          .send(
              TOPICS.prompts(),
              name,
              new PromptMessage(
                  name,
                  1,
                  "r" + n,
                  prompt.text(),
                  prompt.grid(),
                  language.completion(label),
                  label,
                  origin(n)));
    }
    return task;
  }

  private void ask(
      TaskSpec task, int n, String row, boolean learned, boolean withValues, Header... headers) {
    Prompt prompt = prompt(task, n);
    RequestMessage request =
        new RequestMessage(
            task.name(),
            1,
            row,
            prompt.text(),
            prompt.grid(),
            origin(n),
            null,
            null,
            null,
            null,
            null,
            learned ? true : null,
            withValues ? values(n) : null);
    client.topics().send(TOPICS.requests(), row, request, headers);
  }

  private PredictionMessage answer(TaskSpec task, String row) {
    return await()
        .until(
            () ->
                client.predictions(task.name(), 0).stream()
                    .filter(prediction -> prediction.row().equals(row))
                    .findFirst()
                    .orElse(null),
            found -> found != null);
  }

  /** Asks a row that is learned again and again, until its answer is from all rows before it. */
  private PredictionMessage settled(TaskSpec task, int n) {
    PredictionMessage asked = null;
    for (int i = 0; i < 50 && (asked == null || asked.support() == null); i++) {
      ask(task, n, "warm-" + i, true, true);
      asked = answer(task, "warm-" + i);
    }
    return asked;
  }

  @Test
  void theColumnThatDecidesContributesMostAndTheAnswerIsTheSameAsWithoutAnExplanation() {
    TaskSpec task = learned("explained", 100);
    settled(task, 99);
    ask(task, 99, "plain", true, false);
    ask(task, 99, "declined", true, true, header("false"));
    PredictionMessage plain = answer(task, "plain");
    PredictionMessage declined = answer(task, "declined");
    ask(task, 99, "plain", true, true, EXPLAIN);
    ask(task, 99, "explained", true, true, EXPLAIN);
    PredictionMessage explained = answer(task, "explained");

    List<PredictionMessage> same =
        await()
            .until(
                () ->
                    client.predictions(task.name(), 0).stream()
                        .filter(prediction -> prediction.row().equals("plain"))
                        .toList(),
                both -> both.size() == 2);
    PredictionMessage again = same.get(0).explanation() == null ? same.get(1) : same.get(0);
    assertThat(plain.explanation()).isNull();
    assertThat(declined.explanation()).isNull();
    assertThat(Json.write(again.answer())).isEqualTo(Json.write(plain.answer()));
    assertThat(again.predictors()).isEqualTo(plain.predictors());
    assertThat(again.support()).isEqualTo(plain.support());
    assertThat(again.explanation()).isNotNull();

    Explanation explanation = explained.explanation();
    assertThat(explanation.message()).isNull();
    assertThat(explanation.replacement()).isEqualTo(Replacement.LABELLED_ROWS);
    assertThat(explanation.draws()).isEqualTo(32);
    assertThat(explanation.variants()).isBetween(20, 64);
    assertThat(explanation.millis()).isPositive();
    Contribution first = explanation.columns().get(0);
    assertThat(first.column()).isEqualTo("income");
    assertThat(first.value()).isEqualTo(63);
    assertThat(first.contribution()).isGreaterThan(0.2);
    assertThat(Math.abs(explanation.columns().get(1).contribution()))
        .isLessThan(first.contribution() / 2);
    double sum =
        explanation.base()
            + explanation.columns().stream().mapToDouble(Contribution::contribution).sum();
    assertThat(sum)
        .isCloseTo(
            explained.answer().probabilities().get(explained.answer().label()), within(3e-4));
    // rows of one batch are computed together, which rounds differently
    assertThat(again.explanation().columns().get(0).contribution())
        .as("the same row in the same place")
        .isCloseTo(first.contribution(), within(1e-3));
  }

  @Test
  void aHeaderThatSaysNeitherYesNorNoFailsTheRequestAndAMissingRowIsSaid() {
    TaskSpec task = learned("unclear", 0);
    ask(task, 1, "unclear", false, true, header("perhaps"));
    ask(task, 1, "valueless", false, false, EXPLAIN);

    PredictionMessage unclear = answer(task, "unclear");
    assertThat(unclear.status()).isEqualTo(Status.FAILED);
    assertThat(unclear.message())
        .isEqualTo("header lift.explain is 'perhaps', but it must be true or false");
    PredictionMessage valueless = answer(task, "valueless");
    assertThat(valueless.status()).isEqualTo(Status.ANSWERED);
    assertThat(valueless.explanation().columns()).isNull();
    assertThat(valueless.explanation().message()).contains("values of its row");
  }

  @Test
  void eachOfManyExplainedRequestsGetsOnePredictionAndAPlainOneDoesNotWaitForThem() {
    TaskSpec task = learned("many", 40);
    settled(task, 39);
    for (int n = 0; n < 30; n++) {
      ask(task, n, "explained-" + n, false, true, EXPLAIN);
    }
    ask(task, 5, "plain", false, false);
    await()
        .until(
            () ->
                client.predictions(task.name(), 0).stream()
                        .filter(prediction -> prediction.explanation() != null)
                        .count()
                    >= 30);

    List<PredictionMessage> all = client.predictions(task.name(), 31);
    assertThat(all.stream().filter(p -> p.row().startsWith("explained-")))
        .hasSize(30)
        .allMatch(p -> p.explanation().columns() != null);
    assertThat(all.stream().filter(p -> p.row().equals("plain"))).hasSize(1);
  }

  @Test
  void httpExplainsRowsOnRequest() {
    TaskSpec task = learned("explained-http", 64);
    PredictionMessage read = settled(task, 63);
    assertThat(read.support()).isNotNull();

    given()
        .contentType("application/json")
        .body("[{\"age\": 30, \"income\": 10}, {\"age\": 30}]")
        .post("/predict/explained-http?explain=true")
        .then()
        .statusCode(200)
        .body("[0].explanation.columns[0].column", equalTo("income"))
        .body("[0].explanation.columns[0].value", equalTo(10))
        .body("[0].explanation.replacement", equalTo("labelled-rows"))
        .body("[1].explanation.columns.find { it.column == 'income' }.value", equalTo(null));
    given()
        .contentType("application/json")
        .body("{\"age\": 30, \"income\": 10}")
        .post("/predict/explained-http?explain=false")
        .then()
        .statusCode(200)
        .body("explanation", equalTo(null));
    given()
        .contentType("application/json")
        .body("{\"age\": 30, \"income\": 10}")
        .post("/predict/explained-http?explain=perhaps")
        .then()
        .statusCode(400)
        .body("detail", equalTo("explain is 'perhaps', but it must be true or false"));
    given()
        .contentType("application/json")
        .body("[" + "{\"age\": 1},".repeat(20) + "{\"age\": 1}]")
        .post("/predict/explained-http?explain=true")
        .then()
        .statusCode(413)
        .body("detail", containsString("20 rows at most if they are to be explained"));
  }

  @Test
  void theOpenInferenceProtocolHasTheExplanationAsATensorOfJson() throws Exception {
    TaskSpec task = learned("explained-v2", 64);
    settled(task, 63);
    String inputs =
        "\"inputs\": [{\"name\": \"income\", \"shape\": [1], \"datatype\": \"FP64\","
            + " \"data\": [10]}]";

    String text =
        given()
            .contentType("application/json")
            .body("{\"parameters\": {\"explain\": true}, " + inputs + "}")
            .post("/v2/models/explained-v2/infer")
            .then()
            .statusCode(200)
            .body("outputs[2].name", equalTo("explanation"))
            .body("outputs[2].datatype", equalTo("BYTES"))
            .extract()
            .path("outputs[2].data[0]");
    Explanation explanation = Json.read(HeaderValues.bytes(text), Explanation.class);
    assertThat(explanation.columns().get(0).column()).isEqualTo("income");
    given()
        .contentType("application/json")
        .body("{\"parameters\": {\"explain\": \"perhaps\"}, " + inputs + "}")
        .post("/v2/models/explained-v2/infer")
        .then()
        .statusCode(400)
        .body("error", equalTo("parameter explain is 'perhaps', but it must be true or false"));
  }
}
