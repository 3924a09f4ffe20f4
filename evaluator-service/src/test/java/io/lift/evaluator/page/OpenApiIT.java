package io.lift.evaluator.page;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.evaluator.WithBroker;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the evaluator has at {@code /q/openapi}. */
@QuarkusTest
@WithBroker
class OpenApiIT {
  private static final String API = "/api/";

  @Test
  void everyPathSaysWhatItDoesTakesAndAnswersWithExamples() throws Exception {
    JsonNode document =
        new ObjectMapper()
            .readTree(given().queryParam("format", "json").get("/q/openapi").asString());

    assertThat(document.at("/info/title").asText()).isEqualTo("Lift evaluator");
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        String name = method.getKey() + " " + path.getKey();
        paths.add(name);
        JsonNode operation = method.getValue();
        assertThat(operation.path("summary").asText()).as(name).isNotBlank();
        assertThat(operation.path("description").asText()).as(name).isNotBlank();
        assertThat(operation.path("operationId").asText()).as(name).isNotBlank();
        JsonNode answer = operation.path("responses").iterator().next();
        content(name, resolve(document, answer));
        if (method.getKey().equals("post")) {
          content(name, operation.path("requestBody"));
        }
        assertThat(served(method.getKey(), path.getKey())).as(name).isTrue();
      }
    }
    assertThat(paths).contains("get /api/tasks", "post /api/tasks", "get /metrics/{task}");
    assertThat(paths.stream().filter(path -> path.contains(API))).hasSize(15);
  }

  private static JsonNode resolve(JsonNode document, JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private static void content(String name, JsonNode holder) {
    assertThat(holder.path("content").size()).as(name).isEqualTo(1);
    JsonNode content = holder.get("content").iterator().next();
    assertThat(content.path("examples").size()).as(name).isPositive();
    assertThat(content.path("schema").size()).as(name).isPositive();
  }

  /** Whether there is something at a path; what it answers to nonsense does not matter. */
  private static boolean served(String method, String path) {
    if (path.equals("/api/stream")) {
      return true; // it never ends
    }
    String url = path.replaceAll("\\{\\w+}", "nothing");
    var response =
        switch (method) {
          case "get" -> given().get(url);
          case "delete" -> given().delete(url);
          default -> given().body("[]").post(url);
        };
    return response.statusCode() != 405
        && !response.asString().contains("There is nothing at this path.");
  }
}
