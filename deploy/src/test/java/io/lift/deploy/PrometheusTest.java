package io.lift.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusTest {
  private static final Path FOLDER = Manifest.FOLDER.resolve("prometheus");

  static List<JsonNode> alerts() {
    JsonNode file = Manifest.read(FOLDER.resolve("alerts.yml")).get(0).content();
    return StreamSupport.stream(file.path("groups").spliterator(), false)
        .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void everyAlertSaysWhatIsWrongAndWhatToDo(JsonNode alert) {
    assertThat(alert.path("labels").path("severity").asText()).isIn("critical", "warning", "info");
    assertThat(alert.path("annotations").path("summary").asText()).endsWith(".");
    assertThat(alert.path("annotations").path("runbook").asText()).endsWith(".");
  }

  @Test
  void prometheusReadsTheAlerts() {
    JsonNode settings = Manifest.read(FOLDER.resolve("prometheus.yml")).get(0).content();

    assertThat(settings.path("rule_files").get(0).asText()).isEqualTo("alerts.yml");
  }

  @Test
  void noQueryNeedsTheScrapeJobsOfOneInstallation() throws IOException {
    List<Path> files = new ArrayList<>(List.of(FOLDER.resolve("alerts.yml")));
    for (String folder : List.of("grafana", "kubernetes")) {
      try (Stream<Path> walk = Files.walk(Manifest.FOLDER.resolve(folder))) {
        walk.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    assertThat(files).hasSizeGreaterThan(10);
    for (Path file : files) {
      assertThat(Files.readString(file)).as("%s", file).doesNotContainPattern("\\bjob\\s*[=!]");
    }
  }

  @Test
  void theQueriesThatScaleAreAmongThosePromtoolTests() throws IOException {
    String tests = Files.readString(FOLDER.resolve("alerts.test.yml"));
    List<String> queries = new ArrayList<>();
    for (String service : List.of("trainer", "inference")) {
      Path file = Manifest.FOLDER.resolve("kubernetes/components/keda/" + service + ".yaml");
      Manifest.read(file)
          .get(0)
          .content()
          .path("spec")
          .path("triggers")
          .forEach(trigger -> queries.add(trigger.path("metadata").path("query").asText()));
    }
    queries.removeIf(String::isEmpty);
    assertThat(queries)
        .hasSize(2)
        .allSatisfy(query -> assertThat(tests).contains("expr: " + query));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check config prometheus.yml",
        "check rules alerts.yml",
        "test rules alerts.test.yml"
      })
  void prometheusOwnToolIsContent(String arguments) throws Exception {
    Process promtool;
    try {
      promtool =
          new ProcessBuilder(("promtool " + arguments).split(" "))
              .directory(FOLDER.toFile())
              .inheritIO()
              .start();
    } catch (IOException e) {
      assumeTrue(false, "skipped: there is no promtool here for: " + arguments);
      return;
    }
    assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(promtool.exitValue()).isZero();
  }
}
