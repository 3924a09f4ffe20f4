package io.lift.evaluator.page;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.lift.evaluator.WithBroker;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page as a browser fetches it. */
@QuarkusTest
@WithBroker
class PageResourceIT {
  /** What names another file in HTML, CSS and scripts. */
  private static final Pattern NAMES =
      Pattern.compile(
          "(?:href|src)=\"([^\"#]+)\"|@import url\\('([^']+)'\\)|from '([^']+)'|^import '([^']+)'",
          Pattern.MULTILINE);

  @Test
  void everyFileThatThePageNamesIsServedFromHereAndMayBeKept() {
    Set<String> seen = new HashSet<>();
    Deque<String> waiting = new ArrayDeque<>(Set.of("/"));
    while (!waiting.isEmpty()) {
      String path = waiting.pop();
      if (!seen.add(path)) {
        continue;
      }
      Response response = given().when().get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.header("Cache-Control"))
          .as(path)
          .contains(path.equals("/") ? "no-cache" : "immutable");
      Matcher names = NAMES.matcher(response.asString());
      while (!path.startsWith("/webjars/") && names.find()) {
        waiting.add(resolve(path, names));
      }
    }
    assertThat(seen).anyMatch(path -> path.endsWith("/js/views/task.js"));
    assertThat(seen).anyMatch(path -> path.endsWith("uPlot.esm.js"));
    assertThat(seen).anyMatch(path -> path.endsWith("pico.min.css"));
  }

  @Test
  void anAssetOfAnotherBuildIsNotFound() {
    given().when().get("/assets/0123456789abcdef/js/main.js").then().statusCode(404);
  }

  private static String resolve(String from, Matcher names) {
    for (int group = 1; group <= names.groupCount(); group++) {
      if (names.group(group) != null) {
        URI name = URI.create(names.group(group));
        assertThat(name.getScheme()).as(from + " names " + name).isNull();
        return URI.create(from).resolve(name).getPath();
      }
    }
    throw new IllegalStateException();
  }
}
