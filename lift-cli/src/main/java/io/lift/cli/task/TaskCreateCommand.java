package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ActionRecorder;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.table.EncodingOption;
import io.lift.cli.table.ImageOptions;
import io.lift.cli.table.TargetOptions;
import io.lift.cli.term.Terminal;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.JsonRows;
import io.lift.core.table.RowTable;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.Source;
import io.lift.core.task.SourceFormat;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.Action;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift task create}. */
@Command(
    name = "create",
    header = "Make a task out of a CSV file and publish it.",
    description = {
      "Columns, types, categories and number statistics are inferred from the file and frozen in"
          + " the task. No row is sent; see 'lift produce'."
    },
    footer = {
      "  lift task create iris --from iris.csv --target class",
      "  lift task create digits --images train-images.gz --labels train-labels.gz --crop 18",
      "  lift task create loans --from loans.csv --target approved \\",
      "      --template \"A customer aged {age} earns {salary} a year.\" --numbers grid"
    })
final class TaskCreateCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Mixin private NewTaskOptions options;

  @Option(names = "--from", paramLabel = "FILE.csv", description = "A CSV file with a header.")
  private String from;

  @Mixin private EncodingOption encoding;

  @Mixin private ImageOptions images;

  @Option(
      names = "--source",
      paramLabel = "TOPIC",
      description = "A topic whose rows are this task's, besides lift.rows; may be repeated.")
  private List<String> sources = List.of();

  @Mixin private StartOptions start;

  @Mixin private SinkOptions sink;

  @Option(
      names = "--before-first-checkpoint",
      defaultValue = "base",
      description =
          "Early requests: ${COMPLETION-CANDIDATES}, answered by the base model or waiting"
              + " (default: ${DEFAULT-VALUE}).")
  private BeforeFirstCheckpoint before;

  @Option(names = "--force", description = "Replace the task of that name, as its next version.")
  private boolean force;

  @Override
  public Integer call() throws InterruptedException, IOException {
    TaskProposal draft;
    Map<String, String> first;
    Terminal terminal = Terminal.stdout();
    if (sources.isEmpty() && options.source().given()) {
      throw new CliException(
          "--format, --where, --arrays and such keys are for a topic: name it with --source.");
    }
    String name = options.name();
    String predicted = images.target(options.target());
    try (RowTable table = images.open(from, encoding)) {
      TargetOptions target = options.target();
      draft =
          TaskProposal.infer(name, table, predicted, target.type(), target.types())
              .withRemarks(table.remarks());
    }
    try (RowTable table = images.open(from, encoding)) {
      first = table.iterator().next();
    }
    draft =
        options
            .language()
            .apply(draft)
            .withSources(sources(connection.settings(), terminal))
            .withSink(sink.sink())
            .with(before)
            .with(options.policy().policy())
            .with(options.calibration().policy())
            .with(options.source().keys(), options.minColumns());
    ConnectionSettings kafka = connection.settings();
    try (TaskRegistry tasks = new TaskRegistry(kafka);
        ActionRecorder actions = new ActionRecorder(kafka)) {
      Optional<TaskSpec> existing = tasks.find(name);
      if (existing.isPresent() && !force) {
        throw new CliException(
            "There is a task '%s' (version %d); replace it with --force.",
            name, existing.get().version());
      }
      TaskSpec task =
          validate(draft.withVersion(existing.map(old -> old.version() + 1).orElse(1)).spec());
      if (existing.isPresent() && start.given() == null) {
        task = readingOn(task, existing.get());
      }
      TaskView.print(task, terminal);
      draft.print(terminal);
      showSentence(task, first, terminal);
      createSink(task);
      TaskSpec published = task;
      actions.run(
          name,
          existing.isPresent() ? Action.What.REPLACE : Action.What.CREATE,
          () -> tasks.publish(published));
      terminal.out().println();
      terminal
          .out()
          .printf(
              "Published. Next: lift produce %s --task %s%n",
              images.given() ? "--images .. --labels .." : from, name);
    }
    return 0;
  }

  private void createSink(TaskSpec task) throws InterruptedException {
    if (task.sink() == null) {
      return;
    }
    ConnectionSettings kafka = connection.settings();
    String topic = task.sink().topic();
    if (kafka.topics().all().stream().anyMatch(own -> own.name().equals(topic))) {
      throw new CliException("%s is one of Lift's own topics: name another with --to.", topic);
    }
    TopicAdmin.ensure(kafka.client(), topic, kafka.topics().predictions().partitions());
  }

  /** The topics, with the formats that their records have, each of which is said. */
  private List<Source> sources(ConnectionSettings kafka, Terminal terminal) {
    return sources.stream()
        .map(
            topic -> {
              SourceFormat given = options.source().format();
              SourceFormat found = given == null ? SourceOptions.found(kafka, topic) : given;
              if (given == null && found != SourceFormat.JSON) {
                terminal
                    .out()
                    .printf(
                        "Note: The records of %s are %s, and it is read with --format %s.%n",
                        topic, found.description(), found.word());
              }
              return options.source().apply(start.reading(topic), found);
            })
        .toList();
  }

  /** A task whose sentences stay the same goes on in the topics that it has read so far. */
  private static TaskSpec readingOn(TaskSpec task, TaskSpec before) {
    if (!new TaskLanguage(task).hash().equals(new TaskLanguage(before).hash())) {
      return task;
    }
    List<Source> sources =
        task.sources().stream()
            .map(
                source ->
                    before.sources().stream()
                        .filter(old -> old.topic().equals(source.topic()))
                        .findFirst()
                        .map(old -> old.as(source))
                        .orElse(source))
            .toList();
    return task.toBuilder().sources(sources).build();
  }

  private static TaskSpec validate(TaskSpec task) {
    try {
      return TaskSpecs.validate(task);
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage());
    }
  }

  private static void showSentence(TaskSpec task, Map<String, String> row, Terminal terminal) {
    try {
      byte[] json = new JsonRows(task).write(row);
      String text = new TaskLanguage(task).prompt(new RowParser(task).parse(json)).text();
      terminal.out().println("The first row reads:");
      terminal.out().println("  " + terminal.dim(text));
    } catch (RowRejectedException e) {
      terminal.out().println("Note: The first row would be rejected. " + e.getMessage());
    }
  }
}
