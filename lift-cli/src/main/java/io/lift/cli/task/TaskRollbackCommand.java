package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ActionRecorder;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.Action;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Json;
import io.lift.messages.RollbackRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift task rollback}: sends a rollback request to the task's trainer. */
@Command(
    name = "rollback",
    header = "Go back to an earlier checkpoint.",
    description =
        "The trainer that the task is assigned to publishes the next version with the weights of"
            + " the earlier one and trains on from there. 'lift lineage' shows the versions.",
    footer = "  lift task rollback loans 17")
final class TaskRollbackCommand implements Callable<Integer> {
  private static final Duration REFRESH = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 200;

  @Mixin private ConnectionOptions connection;

  @Parameters(index = "0", paramLabel = "NAME", description = "The task.")
  private String name;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The checkpoint's version.")
  private long version;

  @Option(
      names = "--wait",
      defaultValue = "30",
      paramLabel = "S",
      description = "Seconds to wait for a trainer (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() throws InterruptedException {
    ConnectionSettings kafka = connection.settings();
    Terminal terminal = Terminal.stdout();
    KafkaAccess.open(
        kafka.client(),
        List.of(kafka.topics().rollbacks(), kafka.topics().checkpoints()),
        List.of(
            RequiredAcl.read(kafka.topics().rollbacks()),
            RequiredAcl.write(kafka.topics().rollbacks()),
            RequiredAcl.read(kafka.topics().checkpoints())));
    try (TaskRegistry tasks = new TaskRegistry(kafka);
        ActionRecorder actions = new ActionRecorder(kafka);
        CompactedTable<RollbackRequest> requests =
            new CompactedTable<>(kafka.topics().rollbacks(), kafka.client());
        CompactedTable<CheckpointManifest> checkpoints =
            new CompactedTable<>(kafka.topics().checkpoints(), kafka.client())) {
      tasks.get(name);
      requests.start();
      checkpoints.start();
      String id = UUID.randomUUID().toString();
      long now = System.currentTimeMillis();
      send(kafka, RollbackRequest.of(name, version, id, now, actions.who()));
      actions.record(name, Action.What.ROLL_BACK, Action.Outcome.REQUESTED, version, null);
      long deadline = System.currentTimeMillis() + 1_000L * seconds;
      while (System.currentTimeMillis() < deadline) {
        requests.refresh(REFRESH);
        Optional<RollbackRequest> open =
            requests.get(name).filter(request -> request.id().equals(id));
        if (open.isPresent() && open.get().error() != null) {
          String why = open.get().error();
          actions.record(name, Action.What.ROLL_BACK, Action.Outcome.FAILED, version, why);
          throw new CliException(why);
        }
        if (open.isEmpty()) {
          checkpoints.refresh(REFRESH);
          terminal
              .out()
              .printf(
                  "Version %s of %s has the weights of version %d.%n",
                  checkpoints.get(name).map(CheckpointManifest::version).orElse(0L), name, version);
          return 0;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
    terminal
        .out()
        .printf("No trainer has acted within %d s; the request stays on Kafka.%n", seconds);
    return 0;
  }

  private static void send(ConnectionSettings kafka, RollbackRequest request)
      throws InterruptedException {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(kafka.client(), new StringSerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  kafka.topics().rollbacks().name(), request.task(), Json.write(request)))
          .get();
    } catch (ExecutionException e) {
      throw new CliException(e, "Kafka did not accept the request: " + e.getCause().getMessage());
    }
  }
}
