package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.messages.TaskDraft;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift task}. */
@Command(
    name = "task",
    header = "Create, list, show, roll back and delete tasks.",
    subcommands = {
      TaskCreateCommand.class,
      TaskInferCommand.class,
      TaskCommand.ListCommand.class,
      TaskCommand.ShowCommand.class,
      TaskRollbackCommand.class,
      TaskCommand.DeleteCommand.class
    },
    footer = "  lift task create iris --from iris.csv --target class")
public final class TaskCommand implements Runnable {
  @picocli.CommandLine.Spec private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(), "Say what to do: create, infer, list, show, rollback or delete.");
  }

  /** {@code lift task list}. */
  @Command(name = "list", header = "List the tasks.", footer = "  lift task list")
  static final class ListCommand implements Callable<Integer> {
    private static final Duration REFRESH = Duration.ofSeconds(10);

    @Mixin private ConnectionOptions connection;

    @Override
    public Integer call() throws InterruptedException {
      Terminal terminal = Terminal.stdout();
      TextTable table =
          new TextTable(
              "TASK", "VERSION", "TYPE", "TARGET", "FEATURES", "TEMPLATE", "NUMBERS", "TO");
      try (TaskRegistry tasks = new TaskRegistry(connection.settings())) {
        for (TaskSpec task : tasks.all().values()) {
          table.row(
              task.name(),
              task.version(),
              lower(task.type()),
              task.target().name(),
              task.features().size(),
              lower(task.template().style()),
              lower(task.numbers().style()),
              task.sink() == null ? "" : task.sink());
        }
      }
      terminal.out().println(table.isEmpty() ? "No tasks." : table.render(terminal));
      printDrafts(terminal);
      return 0;
    }

    /** Tasks that are still to be inferred. */
    private void printDrafts(Terminal terminal) throws InterruptedException {
      ConnectionSettings kafka = connection.settings();
      try (CompactedTable<TaskDraft> drafts =
          new CompactedTable<>(kafka.topics().taskDrafts(), kafka.client())) {
        drafts.start();
        drafts.refresh(REFRESH);
        for (TaskDraft draft : new TreeMap<>(drafts.snapshot()).values()) {
          if (!draft.isResolved()) {
            String why =
                draft.waiting() == null
                    ? "No serializer has seen the request yet."
                    : draft.waiting();
            terminal.out().printf("Waiting: %s. %s%n", draft.name(), why);
          }
        }
      }
    }

    private static String lower(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code lift task show}. */
  @Command(
      name = "show",
      header = "Show a task.",
      footer = {"  lift task show iris", "  lift task show iris --json"})
  static final class ShowCommand implements Callable<Integer> {
    @Mixin private ConnectionOptions connection;

    @Parameters(paramLabel = "NAME", description = "The task.")
    private String name;

    @Option(names = "--json", description = "As it stands on lift.tasks.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
      Terminal terminal = Terminal.stdout();
      try (TaskRegistry tasks = new TaskRegistry(connection.settings())) {
        TaskSpec task = tasks.get(name);
        if (json) {
          terminal.out().println(TaskJson.pretty(task));
        } else {
          TaskView.print(task, terminal);
        }
      }
      return 0;
    }
  }

  /** {@code lift task delete}. */
  @Command(
      name = "delete",
      header = "Delete a task.",
      description = "Its rows, checkpoints and predictions stay on their topics.",
      footer = "  lift task delete iris")
  static final class DeleteCommand implements Callable<Integer> {
    @Mixin private ConnectionOptions connection;

    @Parameters(paramLabel = "NAME", description = "The task.")
    private String name;

    @Override
    public Integer call() throws InterruptedException {
      ConnectionSettings kafka = connection.settings();
      try (TaskRegistry tasks = new TaskRegistry(kafka)) {
        tasks.get(name);
        tasks.remove(name);
        if (tasks.find(name).isPresent()) {
          throw new CliException("Somebody else has created '%s' again meanwhile.", name);
        }
      }
      Terminal.stdout().out().println("Deleted " + name + ".");
      return 0;
    }
  }
}
