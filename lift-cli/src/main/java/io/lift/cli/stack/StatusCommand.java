package io.lift.cli.stack;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.GroupLags;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.term.Durations;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.CheckpointManifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lift status}. */
@Command(
    name = "status",
    header = "Show processes, tasks, checkpoints and lags.",
    description = "Exit code 0 if every process is ready, else 1.",
    footer = "  lift status")
public final class StatusCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Override
  public Integer call() throws InterruptedException {
    Terminal terminal = Terminal.stdout();
    boolean healthy = true;
    ConnectionSettings kafka;
    Optional<RunFile> run =
        connection.given().isPresent()
            ? Optional.empty()
            : RunFile.read(Home.find().stack(RunFile.UP));
    if (run.isPresent()) {
      healthy = showProcesses(run.get(), terminal);
      kafka = run.get().kafka();
      boolean brokerDead =
          run.get().processes().stream()
              .anyMatch(process -> process.service() == null && !process.isAlive());
      if (brokerDead) {
        throw new CliException("The broker has died; 'lift down' and 'lift up' start afresh.");
      }
    } else {
      kafka = connection.settings();
    }
    terminal.out().println();
    showTasks(kafka, terminal);
    terminal.out().println();
    showLags(kafka, terminal);
    return healthy ? 0 : 1;
  }

  private static boolean showProcesses(RunFile run, Terminal terminal) {
    TextTable table = new TextTable("PROCESS", "STATE", "PID", "ADDRESS", "UP", "LOG");
    boolean healthy = true;
    List<String> notes = new ArrayList<>();
    for (StackProcess process : run.processes()) {
      String state = state(process, notes);
      healthy &= state.equals("ready") || state.equals("running");
      table.row(
          process.name(),
          state,
          process.pid(),
          "127.0.0.1:" + process.port(),
          process.isAlive()
              ? Durations.show(System.currentTimeMillis() - process.startedAt())
              : "-",
          Home.show(java.nio.file.Path.of(process.log())));
    }
    terminal.out().println("Kafka " + terminal.bold(run.bootstrap()));
    terminal.out().println();
    terminal.out().println(table.render(terminal));
    notes.forEach(note -> terminal.out().printf("%n%s%n", note));
    return healthy;
  }

  /**
   * In which state a process is.
   *
   * @param notes receives what it says beside that, with its name
   */
  private static String state(StackProcess process, List<String> notes) {
    if (!process.isAlive()) {
      return "dead";
    }
    if (process.service() == null) {
      return "running";
    }
    Health.Report report = Health.report(process.port());
    report.notes().forEach(note -> notes.add(process.name() + ": " + note));
    return report.ready() ? "ready" : report.stuck().orElse("not ready");
  }

  private static void showTasks(ConnectionSettings kafka, Terminal terminal)
      throws InterruptedException {
    KafkaAccess.open(
        kafka.client(),
        List.of(kafka.topics().checkpoints()),
        List.of(RequiredAcl.read(kafka.topics().checkpoints())));
    TextTable table =
        new TextTable("TASK", "TYPE", "VERSION", "CHECKPOINT", "AGE", "ROWS TRAINED", "LOSS");
    try (TaskRegistry tasks = new TaskRegistry(kafka);
        CompactedTable<CheckpointManifest> checkpoints =
            new CompactedTable<>(kafka.topics().checkpoints(), kafka.client())) {
      checkpoints.start();
      checkpoints.refresh(Duration.ofSeconds(30));
      for (TaskSpec task : tasks.all().values()) {
        Optional<CheckpointManifest> current = checkpoints.get(task.name());
        table.row(
            task.name(),
            task.type().name().toLowerCase(java.util.Locale.ROOT),
            task.version(),
            current.map(manifest -> "" + manifest.version()).orElse("-"),
            current
                .map(m -> Durations.show(System.currentTimeMillis() - m.createdAt()))
                .orElse("-"),
            current.map(manifest -> "" + manifest.rows()).orElse("-"),
            current
                .map(manifest -> manifest.metrics().get("loss"))
                .map("%.3f"::formatted)
                .orElse("-"));
      }
    }
    terminal.out().println(table.isEmpty() ? "No tasks." : table.render(terminal));
  }

  private static void showLags(ConnectionSettings kafka, Terminal terminal)
      throws InterruptedException {
    TextTable table = new TextTable("CONSUMER GROUP", "TOPIC", "LAG");
    GroupLags.read(kafka).forEach(lag -> table.row(lag.group(), lag.topic(), lag.records()));
    terminal.out().println(table.isEmpty() ? "No consumer groups." : table.render(terminal));
  }
}
