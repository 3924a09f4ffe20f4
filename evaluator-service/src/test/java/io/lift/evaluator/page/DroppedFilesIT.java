package io.lift.evaluator.page;

import static io.restassured.RestAssured.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.lift.evaluator.WithBroker;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people drop on the page that is no table, or hardly one. */
@QuarkusTest
@WithBroker
class DroppedFilesIT extends CreateApiFixture {
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

  private static String error(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JsonPath.from(response.body()).getString("detail");
  }
}
