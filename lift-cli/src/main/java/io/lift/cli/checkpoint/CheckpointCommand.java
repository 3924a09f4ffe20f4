package io.lift.cli.checkpoint;

import io.lift.checkpoint.CheckpointExport;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.mlflow.MlflowFolder;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lift checkpoint}. */
@Command(
    name = "checkpoint",
    header = "Take checkpoints out of Kafka.",
    subcommands = CheckpointCommand.ExportCommand.class,
    footer = "  lift checkpoint export iris --to iris-adapter")
public final class CheckpointCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: export.");
  }

  /** {@code lift checkpoint export}. */
  @Command(
      name = "export",
      header = "Write a task's trained weights into a folder.",
      description = {
        "An adapter becomes a folder that PEFT opens: adapter_config.json and"
            + " adapter_model.safetensors.",
        "A fine-tuned embedded model becomes config.json and model.safetensors, in a folder per"
            + " member where there are several."
      },
      footer = {
        "  lift checkpoint export iris --to iris-adapter",
        "  lift checkpoint export iris --version 3 --to iris-v3",
        "  lift checkpoint export iris --to-mlflow iris-model --url http://lift:8083"
      })
  static final class ExportCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Mixin private ConnectionOptions connection;

    @Parameters(paramLabel = "TASK", description = "The task.")
    private String task;

    @Option(
        names = "--version",
        paramLabel = "N",
        description = "Version of the checkpoint; default: the current one.")
    private Long version;

    @ArgGroup(multiplicity = "1")
    private Target target;

    /** The folder and its kind. */
    private static final class Target {
      @Option(names = "--to", paramLabel = "DIR", description = "The folder.")
      private Path folder;

      @Option(
          names = "--to-mlflow",
          paramLabel = "DIR",
          description = {
            "A model folder of MLflow: MLmodel, environments, the weights, and a pyfunc that asks a"
                + " running Lift (LIFT_URL, LIFT_TOKEN)."
          })
      private Path mlflow;
    }

    @Option(
        names = "--url",
        paramLabel = "URL",
        description =
            "With --to-mlflow: address of the inference service that is asked where LIFT_URL is not"
                + " set.")
    private String url;

    @Override
    public Integer call() throws InterruptedException {
      if (url != null && target.mlflow == null) {
        throw new CliException("--url belongs to --to-mlflow.");
      }
      ConnectionSettings kafka = connection.settings();
      TaskSpec spec;
      try (TaskRegistry tasks = new TaskRegistry(kafka)) {
        spec = tasks.get(task);
      }
      CheckpointManifest manifest =
          version == null
              ? CheckpointManifests.current(kafka, task)
              : CheckpointManifests.version(kafka, task, version);
      Terminal terminal = Terminal.stdout();
      try {
        byte[] file = CheckpointFiles.read(kafka.connection(), manifest, LIMIT);
        List<Path> written =
            target.mlflow == null
                ? CheckpointExport.write(file, target.folder)
                : new MlflowFolder(spec, manifest, url).write(file, target.mlflow);
        written.forEach(terminal.out()::println);
      } catch (IOException | InvalidCheckpointException e) {
        throw new CliException(e, "Cannot export: " + e.getMessage());
      }
      return 0;
    }
  }
}
