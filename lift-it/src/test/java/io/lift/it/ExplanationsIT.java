package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.bench.Bench;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows of functions whose deciding columns are known, explained by the packaged services; {@code
 * lift bench explain} has more of them.
 */
class ExplanationsIT {
  @TempDir private Path directory;

  @Test
  void theColumnsThatDecideInAgrawalsFunctionsTakeTheFirstPlaces() throws IOException {
    Path json = directory.resolve("explain.json");

    int code =
        Bench.run(
            "explain",
            "--functions",
            "1,3",
            "--learned",
            "600",
            "--rows",
            "50",
            "--json",
            "" + json);

    assertThat(code).isZero();
    JsonNode functions = new ObjectMapper().readTree(json.toFile());
    assertThat(functions).hasSize(2);
    JsonNode age = functions.get(0);
    assertThat(age.path("columns").get(0).asText()).isEqualTo("age");
    assertThat(age.path("rows").asInt()).isEqualTo(50);
    assertThat(age.path("all").asDouble()).as("age comes first").isGreaterThanOrEqualTo(0.9);
    JsonNode ageAndLevel = functions.get(1);
    assertThat(ageAndLevel.path("columns").toString()).isEqualTo("[\"age\",\"elevel\"]");
    assertThat(ageAndLevel.path("first").asDouble()).isGreaterThanOrEqualTo(0.9);
    assertThat(ageAndLevel.path("all").asDouble()).as("both come first").isGreaterThan(0.6);
  }
}
