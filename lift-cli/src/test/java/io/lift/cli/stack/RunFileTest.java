package io.lift.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.cli.kafka.ConnectionSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
  @TempDir private Path directory;

  @Test
  void whatRunsIsReadBack() {
    StackProcess started =
        new StackProcess("trainer-2", Service.TRAINER, 12, 34, 8082, "/x/trainer-2.log");
    RunFile run = new RunFile(directory.toString(), "127.0.0.1:1", List.of(started));

    run.write();

    assertThat(RunFile.read(directory)).contains(run);
    assertThat(run.ports(Service.TRAINER)).containsExactly(8082);
    assertThat(run.ports(Service.EVALUATOR)).isEmpty();
  }

  @Test
  void anAbsentOrBrokenFileIsNoStack() throws IOException {
    assertThat(RunFile.read(directory)).isEmpty();
    Files.writeString(directory.resolve("run.json"), "{\"directory\": ");
    assertThat(RunFile.read(directory)).isEmpty();
  }

  @Test
  void deletingForgetsTheKafkaSettingsToo() throws IOException {
    RunFile run = new RunFile(directory.toString(), "127.0.0.1:1", List.of());
    run.write();
    ConnectionSettings kafka =
        new ConnectionSettings("127.0.0.1:1", Map.of("sasl.jaas.config", "secret \"words\";"));
    try (OutputStream out = Files.newOutputStream(directory.resolve("kafka.properties"))) {
      kafka.serviceProperties().store(out, null);
    }
    assertThat(run.kafka()).isEqualTo(kafka);

    run.delete();

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aProcessThatEndsIsSeenAsDeadAndAnotherStartTimeIsAnotherProcess() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    try {
      StackProcess started =
          StackProcess.of("sleeper", null, process.toHandle(), 0, Path.of("log"));
      StackProcess reused =
          new StackProcess("sleeper", null, started.pid(), started.startedAt() - 60_000, 0, "log");
      assertThat(started.isAlive()).isTrue();
      assertThat(reused.isAlive()).isFalse();

      reused.terminate();
      assertThat(process.isAlive()).isTrue();

      started.terminate();
      started.awaitEnd(Duration.ofSeconds(10));
      assertThat(started.isAlive()).isFalse();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aProcessThatIgnoresSigtermIsForced() throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done")
            .start();
    process.inputReader().readLine(); // the trap is set
    StackProcess started = StackProcess.of("stubborn", null, process.toHandle(), 0, Path.of("log"));

    started.terminate();
    started.awaitEnd(Duration.ofMillis(300));

    assertThat(started.isAlive()).isFalse();
  }

  @Test
  void theReasonOfAFailedStartIsTheLastErrorOfTheLog() throws IOException {
    Path log = directory.resolve("x.log");
    Files.writeString(log, "INFO fine\nERROR port 80 is taken\nINFO stopped\n");
    assertThat(LogTail.lastError(log.toString())).isEqualTo("ERROR port 80 is taken");

    Files.writeString(log, "Unrecognized VM option\n");
    assertThat(LogTail.lastError(log.toString())).isEqualTo("Unrecognized VM option");
  }
}
