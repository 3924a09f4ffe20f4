package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ActionRecorder;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.core.task.Replay;
import io.lift.core.task.TaskSpec;
import io.lift.messages.Action;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift replay}: lets the serializer read a task's sources again. */
@Command(
    name = "replay",
    header = "Read a task's topics again.",
    description =
        "The serializer reads the task's sources from the given moment on, in a new consumer group."
            + " Each row is a training example and a request once more.",
    footer = {
      "  lift replay loans --from earliest",
      "  lift replay loans --from 2026-11-29T08:00:00Z --source orders"
    })
public final class ReplayCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Parameters(paramLabel = "NAME", description = "The task.")
  private String name;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "WHEN",
      description = "earliest, latest or a moment such as 2026-11-29T08:00:00Z.")
  private String from;

  @Option(
      names = "--source",
      paramLabel = "TOPIC",
      description = "One of the task's sources (default: all of them).")
  private String topic;

  @Override
  public Integer call() throws InterruptedException {
    ConnectionSettings kafka = connection.settings();
    try (TaskRegistry tasks = new TaskRegistry(kafka);
        ActionRecorder actions = new ActionRecorder(kafka)) {
      TaskSpec task = tasks.get(name);
      TaskSpec next = again(task);
      actions.run(name, Action.What.REPLAY, () -> tasks.publish(next));
      Terminal.stdout()
          .out()
          .printf(
              "%s version %d reads %s again, from %s.%n",
              name,
              next.version(),
              topic == null ? String.join(", ", Replay.topics(task)) : topic,
              from);
    }
    return 0;
  }

  private TaskSpec again(TaskSpec task) {
    try {
      return Replay.of(task, from, topic, System.currentTimeMillis());
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage());
    }
  }
}
