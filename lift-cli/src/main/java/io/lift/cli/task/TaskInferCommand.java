package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ActionRecorder;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.core.task.KeyType;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.Action;
import io.lift.messages.Json;
import io.lift.messages.TaskDraft;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift task infer}: sends a draft, from which the serializer infers a task. */
@Command(
    name = "infer",
    header = "Make a task out of a topic's first rows.",
    description =
        "The serializer reads the first rows of the topic, infers and freezes the task, publishes"
            + " it, and reads the topic as its source from then on.",
    footer = {
      "  lift task infer loans --topic orders --target approved",
      "  lift task infer loans --topic db.public.loans --format debezium --target approved"
    })
final class TaskInferCommand implements Callable<Integer> {
  private static final Duration REFRESH = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 300;

  @Mixin private ConnectionOptions connection;

  @Mixin private NewTaskOptions options;

  @Option(
      names = "--topic",
      required = true,
      paramLabel = "TOPIC",
      description = "Where the rows are.")
  private String topic;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Rows to infer from (default: as the serializer is set, 200).")
  private Integer rows;

  @Mixin private StartOptions start;

  @Option(
      names = "--wait",
      defaultValue = "30",
      paramLabel = "S",
      description = "Seconds to wait for the task (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() throws InterruptedException {
    String name = options.name();
    String target = options.target().column();
    TrainingPolicy training = options.policy().policy();
    ConnectionSettings kafka = connection.settings();
    Terminal terminal = Terminal.stdout();
    KafkaAccess.open(
        kafka.client(),
        List.of(kafka.topics().taskDrafts()),
        List.of(
            RequiredAcl.read(kafka.topics().taskDrafts()),
            RequiredAcl.write(kafka.topics().taskDrafts())));
    try (TaskRegistry tasks = new TaskRegistry(kafka);
        ActionRecorder actions = new ActionRecorder(kafka);
        CompactedTable<TaskDraft> drafts =
            new CompactedTable<>(kafka.topics().taskDrafts(), kafka.client())) {
      if (tasks.find(name).isPresent()) {
        throw new CliException(
            "There is a task '%s'; delete it first, or choose another name.", name);
      }
      drafts.start();
      send(
          kafka,
          new TaskDraft(
              name,
              topic,
              target,
              options.target().type(),
              rows,
              options.target().types().isEmpty() ? null : options.target().types(),
              options.language().template(),
              options.language().numbers(),
              training.equals(TrainingPolicy.defaults()) ? null : training,
              options.calibration().policy(),
              start.given(),
              options.source().keys() == KeyType.TEXT ? null : options.source().keys(),
              options.minColumns(),
              options.source().format(),
              options.source().key(),
              options.source().where(),
              options.source().arrays(),
              null,
              null,
              null));
      actions.record(name, Action.What.INFER, Action.Outcome.REQUESTED, null, null);
      Optional<TaskDraft> outcome = await(drafts, name);
      if (outcome.isPresent() && outcome.get().error() != null) {
        String why = outcome.get().error();
        actions.record(name, Action.What.INFER, Action.Outcome.FAILED, null, why);
        throw new CliException("No task can be made of %s: %s", topic, outcome.get().error());
      }
      if (outcome.isPresent() && outcome.get().remarks() != null) {
        TaskView.print(tasks.refreshed(name), terminal);
        outcome.get().remarks().forEach(remark -> terminal.out().println("Note: " + remark));
        return 0;
      }
      terminal
          .out()
          .println(
              outcome.map(TaskDraft::waiting).orElse("No serializer has seen the request yet.")
                  + " The serializer creates the task when it can; 'lift task list' shows what it"
                  + " waits for.");
    }
    return 0;
  }

  /** The draft once it is resolved, or as it is when the time to wait is over. */
  private Optional<TaskDraft> await(CompactedTable<TaskDraft> drafts, String name)
      throws InterruptedException {
    long deadline = System.currentTimeMillis() + 1_000L * seconds;
    while (true) {
      drafts.refresh(REFRESH);
      Optional<TaskDraft> draft = drafts.get(name);
      boolean resolved = draft.map(TaskDraft::isResolved).orElse(false);
      if (resolved || System.currentTimeMillis() >= deadline) {
        return draft;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static void send(ConnectionSettings kafka, TaskDraft draft) throws InterruptedException {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(kafka.client(), new StringSerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  kafka.topics().taskDrafts().name(), draft.name(), Json.write(draft)))
          .get();
    } catch (ExecutionException e) {
      throw new CliException(e, "Kafka did not take the draft: " + e.getCause().getMessage());
    }
  }
}
