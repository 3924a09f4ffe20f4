package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.bench.Bench;
import io.lift.cli.base.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model folder of 5 million parameters under the packaged services; the large one by hand. */
class PublishedModelIT {
  /** What is shown is that rows are learned and answered, not how well. */
  private static final int ROWS = 200;

  @TempDir private Path directory;

  @Test
  void aPublishedModelsAdapterIsTrainedAndServedThroughKafka() throws IOException {
    Path loans = Home.find().root().resolve("docs/example/loans.csv");
    List<String> lines = Files.readAllLines(loans).subList(0, 1 + ROWS);
    Path table = Files.write(directory.resolve("loans.csv"), lines);

    int code =
        Bench.run(
            "published",
            "--small",
            "--steps",
            "20",
            "--limit",
            "2",
            "--data",
            table.toString(),
            "--target",
            "group");

    assertThat(code).isZero();
  }
}
