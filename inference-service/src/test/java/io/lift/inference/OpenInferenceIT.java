package io.lift.inference;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.ServerLiveRequest;
import inference.ServerReadyRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TaskSpec;
import io.lift.inference.http.OpenApi;
import io.lift.inference.http.OpenApi.Operation;
import io.lift.testing.Loans;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of the Open Inference Protocol are answered, and what /q/openapi says of it holds. */
@QuarkusTest
@WithBroker
class OpenInferenceIT extends InferenceFixture {
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private ManagedChannel channel;
  private GRPCInferenceServiceBlockingStub grpc;

  @BeforeEach
  void openChannel() {
    channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", RestAssured.port).usePlaintext().build();
    grpc = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void closeChannel() {
    channel.shutdownNow();
  }

  @Test
  void aClassificationIsAnsweredOverRestAsThePathOfLiftAnswersIt() throws Exception {
    TaskSpec task =
        Loans.risks("v2-risks", 1, BeforeFirstCheckpoint.BASE).toBuilder()
            .calibration(new CalibrationPolicy(0.9, 1.0))
            .build();
    publish(task, 1, InferenceClient.fineTune(base, task, 1));
    awaitVersion(task, 1);
    OpenApi api = OpenApi.served();

    Response own =
        given()
            .contentType("application/json")
            .body("[{\"age\": 30, \"income\": 10}, {\"age\": 60}]")
            .post("/predict/v2-risks");
    Response columns =
        infer(
            "v2-risks",
            """
            {"id": "42", "inputs": [
              {"name": "age", "shape": [2], "datatype": "INT64", "data": [30, 60]},
              {"name": "income", "shape": [2, 1], "datatype": "FP64", "data": [[10], [null]]}]}
            """);
    Response rows =
        infer(
            "v2-risks/versions/1",
            """
            {"inputs": [{"name": "rows", "shape": [2], "datatype": "BYTES",
               "data": ["{\\"age\\": 30, \\"income\\": 10}", "{\\"age\\": 60}"]}],
             "outputs": [{"name": "probabilities"}]}
            """);

    for (Response response : List.of(own, columns, rows)) {
      assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    }
    assertThat(api.errors("InferResponse", columns.asString())).isEmpty();
    assertThat(api.errors("Prediction", first(own))).isEmpty();
    columns
        .then()
        .body("id", equalTo("42"))
        .body("model_name", equalTo("v2-risks"))
        .body("model_version", equalTo("1"))
        .body("outputs.name", equalTo(List.of("answer", "probabilities", "abstained")))
        .body("outputs[0].shape", equalTo(List.of(2)))
        .body("outputs[0].data", equalTo(own.path("answer.label")))
        .body("outputs[1].shape", equalTo(List.of(2, 2)))
        .body("outputs[1].parameters.labels", equalTo("[\"low\",\"high\"]"))
        .body("outputs[2].data", equalTo(own.path("answer.abstained")));
    rows.then().body("outputs.name", equalTo(List.of("probabilities")));
    List<Number> low = own.path("answer.probabilities.low");
    for (Response response : List.of(columns, rows)) {
      List<Number> given = response.path("outputs.find { it.name == 'probabilities' }.data");
      assertThat(given).hasSize(4);
      assertThat(given.get(0).doubleValue()).isCloseTo(low.get(0).doubleValue(), within(1e-4));
      assertThat(given.get(2).doubleValue()).isCloseTo(low.get(1).doubleValue(), within(1e-4));
      assertThat(given.get(2).doubleValue() + given.get(3).doubleValue()).isBetween(0.999, 1.001);
    }
  }

  private static String first(Response predictions) throws Exception {
    return new ObjectMapper().readTree(predictions.asString()).get(0).toString();
  }

  @Test
  void aRegressionIsAnsweredOverGrpcWithItsInterval() {
    TaskSpec task = Loans.prices("v2-prices");
    client.task(task);
    await().until(() -> registry.task("v2-prices").isPresent());
    ByteBuffer floats = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    floats.putFloat(3).putFloat(40).flip();

    ModelInferResponse typed =
        grpc.modelInfer(
            ModelInferRequest.newBuilder()
                .setModelName("v2-prices")
                .setId("7")
                .addInputs(
                    input("rooms", "FP32", 2)
                        .setContents(
                            InferTensorContents.newBuilder()
                                .addFp32Contents(3)
                                .addFp32Contents(40)))
                .build());
    ModelInferResponse raw =
        grpc.modelInfer(
            ModelInferRequest.newBuilder()
                .setModelName("v2-prices")
                .setModelVersion("0")
                .addInputs(input("rooms", "FP32", 2))
                .addRawInputContents(ByteString.copyFrom(floats))
                .build());

    assertThat(typed.getId()).isEqualTo("7");
    assertThat(typed.getModelVersion()).isEqualTo("0");
    assertThat(typed.getOutputsList())
        .extracting(output -> output.getName() + " " + output.getDatatype())
        .containsExactly("answer FP64", "lower FP64", "upper FP64");
    assertThat(typed.getOutputs(1).getParametersOrThrow("coverage").getDoubleParam())
        .isEqualTo(0.9);
    List<List<Double>> outputs =
        typed.getOutputsList().stream()
            .map(output -> output.getContents().getFp64ContentsList())
            .toList();
    for (int row = 0; row < 2; row++) {
      assertThat(outputs.get(0).get(row))
          .isBetween(outputs.get(1).get(row), outputs.get(2).get(row));
    }
    assertThat(raw.getRawOutputContentsCount()).isEqualTo(3);
    assertThat(raw.getOutputs(0).hasContents()).isFalse();
    ByteBuffer answers =
        raw.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    for (double answer : outputs.get(0)) {
      assertThat(answers.getDouble()).isCloseTo(answer, within(0.1)); // of a price from 0 to 100
    }
  }

  @Test
  void whatCannotBeAnsweredSaysWhyInBothTransports() throws Exception {
    TaskSpec task = Loans.risks("v2-wrong", 1, BeforeFirstCheckpoint.BASE);
    TaskSpec waiting = Loans.risks("v2-waits", 1, BeforeFirstCheckpoint.WAIT);
    client.task(task);
    client.task(waiting);
    await()
        .until(
            () -> registry.task("v2-wrong").isPresent() && registry.task("v2-waits").isPresent());
    String good =
        "{\"inputs\": [{\"name\": \"age\", \"shape\": [1], \"datatype\": \"FP64\", \"data\": [1]}]}";

    failure("v2-wrong", "{", 400, "the body must be a JSON object like");
    failure(
        "v2-wrong",
        good.replace("FP64", "BYTES").replace("[1]}", "[\"old\"]}"),
        400,
        "row 0: Column 'age' needs a number, not 'old'.");
    failure(
        "v2-wrong", good.replace("}]", "}], \"outputs\": [{\"name\": \"x\"}]"), 400, "no output x");
    failure("v2-wrong", " ".repeat(2_000_000), 413, "bytes");
    failure("nobody", good, 404, "there is no task nobody");
    failure("v2-wrong/versions/9", good, 404, "version 9 of task v2-wrong is not served");
    failure("v2-wrong/versions/new", good, 404, "versions are whole numbers");
    failure("v2-waits", good, 503, "no checkpoint yet");
    given()
        .header("Inference-Header-Content-Length", "10")
        .contentType("application/json")
        .body(good)
        .post("/v2/models/v2-wrong/infer")
        .then()
        .statusCode(400)
        .body("error", containsString("over REST, send them as JSON"));

    status(Status.Code.NOT_FOUND, "there is no task nobody", "nobody", 1.0);
    status(Status.Code.UNAVAILABLE, "no checkpoint yet", "v2-waits", 1.0);
    status(
        Status.Code.INVALID_ARGUMENT,
        "row 1: Column 'age' needs a finite number",
        "v2-wrong",
        1.0,
        Double.NEGATIVE_INFINITY);
    assertThat(grpc.modelReady(ready("v2-waits")).getReady()).isFalse();
    assertThat(grpc.modelReady(ready("v2-wrong")).getReady()).isTrue();
    given().get("/v2/models/v2-waits/ready").then().statusCode(503).body("ready", equalTo(false));
    assertThat(
            grpc.modelMetadata(ModelMetadataRequest.newBuilder().setName("v2-wrong").build())
                .getInputsList())
        .extracting(input -> input.getName() + " " + input.getDatatype() + input.getShapeList())
        .containsExactly("age FP64[-1]", "income FP64[-1]");
    assertThat(grpc.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(grpc.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
  }

  @Test
  void everyOperationOfTheDocumentIsServedAsItsExamplesAndSchemasSay() throws Exception {
    TaskSpec task = Loans.risks("loans", 1, BeforeFirstCheckpoint.BASE);
    publish(task, 2, InferenceClient.fineTune(base, task, 1));
    awaitVersion(task, 2);
    OpenApi api = OpenApi.served();
    assertThat(api.document().at("/info/title").asText()).isEqualTo("Lift inference");
    assertThat(api.operations()).hasSizeGreaterThan(10);

    for (Operation operation : api.operations()) {
      assertThat(operation.node().path("summary").asText()).as(operation.path()).isNotBlank();
      assertThat(operation.node().path("description").asText()).as(operation.path()).isNotBlank();
      examplesFit(api, operation);
      String path = operation.path().replace("{task}", "loans").replace("{version}", "2");
      Response response =
          operation.method().equals("get")
              ? given().get(path)
              : given()
                  .contentType("application/json")
                  .body(
                      "{\"inputs\": [{\"name\": \"age\", \"shape\": [1], \"datatype\": \"FP64\","
                          + " \"data\": [30]}], \"age\": 30, \"rows\": 1}")
                  .post(path);
      JsonNode described = api.resolve(operation.node().at("/responses/" + response.statusCode()));
      assertThat(described.isMissingNode()).as(path + " " + response.statusCode()).isFalse();
      JsonNode schema = described.path("content").iterator().next().path("schema");
      assertThat(api.errors(schema, response.asString())).as(path).isEmpty();
    }
  }

  /** docs/example/infer.py, as the guide shows it. */
  @Test
  void aClientInPythonWithoutLibrariesIsAnswered(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isExecutable(PYTHON), "there is no " + PYTHON);
    TaskSpec task = Loans.risks("v2-python", 1, BeforeFirstCheckpoint.BASE);
    client.task(task);
    await().until(() -> registry.task("v2-python").isPresent());
    Path rows = folder.resolve("rows.csv");
    Files.writeString(rows, "age,income\n30,10\n60,\n");

    Process python =
        new ProcessBuilder(
                PYTHON.toString(),
                Path.of("../docs/example/infer.py").toAbsolutePath().toString(),
                "http://127.0.0.1:" + RestAssured.port,
                "v2-python",
                rows.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(python.getInputStream().readAllBytes(), UTF_8);

    assertThat(python.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("answer [2]", "probabilities [2, 2]", "{'labels': '[\"low\",\"high\"]'}");
  }

  private static void examplesFit(OpenApi api, Operation operation) {
    JsonNode request = operation.node().path("requestBody");
    StreamSupport.stream(operation.node().path("responses").spliterator(), false)
        .map(api::resolve)
        .forEach(response -> contentFits(api, operation, response));
    if (!request.isMissingNode()) {
      assertThat(request.at("/content/application~1json/examples").size()).isPositive();
      contentFits(api, operation, request);
    }
  }

  private static void contentFits(OpenApi api, Operation operation, JsonNode holder) {
    for (JsonNode content : holder.path("content")) {
      for (JsonNode example : content.path("examples")) {
        assertThat(api.errors(content.get("schema"), example.get("value").toString()))
            .as(operation.path())
            .isEmpty();
      }
    }
  }

  private static Response infer(String model, String body) {
    return given()
        .contentType("application/json")
        .body(body)
        .post("/v2/models/" + model + "/infer");
  }

  private static void failure(String model, String body, int status, String error) {
    infer(model, body)
        .then()
        .statusCode(status)
        .contentType(containsString("application/json"))
        .body("error", containsString(error))
        .body("size()", equalTo(1));
  }

  private void status(Status.Code code, String why, String model, Double... ages) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    contents.addAllFp64Contents(List.of(ages));
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .setModelName(model)
            .addInputs(input("age", "FP64", ages.length).setContents(contents))
            .build();
    assertThatThrownBy(() -> grpc.modelInfer(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(code);
              assertThat(failure.getStatus().getDescription()).contains(why);
            });
  }

  private static ModelReadyRequest ready(String model) {
    return ModelReadyRequest.newBuilder().setName(model).build();
  }

  private static InferInputTensor.Builder input(String name, String type, long rows) {
    return InferInputTensor.newBuilder().setName(name).setDatatype(type).addShape(rows);
  }
}
