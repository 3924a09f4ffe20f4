package io.lift.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ScaleCommandTest {
  @TempDir private Path directory;

  @Test
  void theRulesInDeployKeepTheBoundOnTheShippedDay() throws IOException {
    Path page = directory.resolve("scale.html");

    assertThat(run("--html", page.toString())).isZero();
    assertThat(page).content().contains("the bound of 300 s is kept").contains("<polyline");
  }

  @Test
  void aDayThatNoTrainerCanFollowBreaksTheBound() throws IOException {
    Path day = directory.resolve("day.csv");
    Files.writeString(day, "minute,one\n0,1\n60,9000\n120,1\n");

    assertThat(run("--traffic", day.toString(), "--requests-per-row", "0")).isOne();
  }

  private static int run(String... arguments) {
    return new CommandLine(new ScaleCommand()).execute(arguments);
  }
}
