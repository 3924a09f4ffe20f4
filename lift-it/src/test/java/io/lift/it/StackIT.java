package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.cli.Lift;
import io.lift.cli.base.Home;
import io.lift.testing.Console;
import io.lift.testing.TwoMoons;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged services, a real broker, and the commands as a user types them. */
class StackIT {
  @TempDir private Path directory;

  @Test
  void aTableIsLearnedAndItsTestRowsAreAnsweredThroughKafka() throws IOException {
    Path table = TwoMoons.write(directory.resolve("moons.csv"), 240);
    Path json = directory.resolve("out.json");

    Console console =
        Console.run(
            Lift::run,
            "eval",
            table.toString(),
            "--target",
            "moon",
            "--json",
            json.toString(),
            "--verbose");

    assertThat(console.code()).as(console.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.path("type").asText()).isEqualTo("classification");
    assertThat(report.path("train_rows").asInt()).isEqualTo(192);
    assertThat(report.path("test_rows").asInt()).isEqualTo(48);
    assertThat(report.path("missing").asInt()).isZero();
    assertThat(report.path("invalid").asInt()).isZero();
    assertThat(report.path("checkpoint_version").asLong()).isEqualTo(1);
    assertThat(report.path("accuracy").asDouble()).isGreaterThan(0.8);
    assertThat(Home.find().stack("eval").resolve("run.json")).doesNotExist();
  }
}
