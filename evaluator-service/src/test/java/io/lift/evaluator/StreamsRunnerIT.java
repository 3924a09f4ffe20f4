package io.lift.evaluator;

import static org.awaitility.Awaitility.await;

import io.lift.kafka.CompactedTable;
import io.lift.kafka.GroupProtocol;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicAdmin;
import io.lift.kafka.Traces;
import io.lift.messages.MetricsMessage;
import io.lift.messages.Topics;
import io.lift.testing.Loans;
import io.lift.testing.TestKafka;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streams over the end of their process, on a real broker. */
class StreamsRunnerIT {
  private static final Topics TOPICS = Topics.of("");
  private static final String TASK = "loans";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void whatWasCountedIsThereAfterAStopAKillAndTheLossOfTheDisk() throws Exception {
    try (TestKafka broker = TestKafka.start();
        EvaluatorInput input = new EvaluatorInput(broker.bootstrap());
        CompactedTable<MetricsMessage> metrics =
            new CompactedTable<>(TOPICS.metrics(), broker.settings())) {
      KafkaConnection kafka =
          new KafkaConnection(broker.settings(), TOPICS)
              .with(GroupProtocol.SETTING, GroupProtocol.CONSUMER); // which is not for streams
      TopicAdmin.ensure(kafka.settings(), TOPICS.all());
      metrics.start();
      input.create(Loans.approvals(TASK));
      Path stopped = directory.resolve("stopped");
      Path killed = directory.resolve("killed");

      runUntilScored(stopped, kafka, input, metrics, 1, () -> {});
      // what a process that is killed here leaves on the disk
      runUntilScored(stopped, kafka, input, metrics, 2, () -> copy(stopped, killed));
      runUntilScored(killed, kafka, input, metrics, 3, () -> {});
      runUntilScored(directory.resolve("lost"), kafka, input, metrics, 4, () -> {});
    }
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void runUntilScored(
      Path state,
      KafkaConnection kafka,
      EvaluatorInput input,
      CompactedTable<MetricsMessage> metrics,
      int rows,
      Runnable then) {
    try (StreamsRunner streams =
        new StreamsRunner(
            config(state), kafka, Traces.NONE, new StreamsProgress(Map::of), sentence -> {})) {
      streams.start();
      input.predict(TASK, "row" + rows, "yes", 1);
      input.label(TASK, "row" + rows, "yes");
      await()
          .atMost(SOON)
          .until(
              () ->
                  metrics
                      .get(TASK)
                      .map(MetricsMessage::total)
                      .map(total -> total.get("count"))
                      .filter(count -> count == rows)
                      .isPresent());
      then.run();
    }
  }

  private static EvaluatorConfig config(Path state) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .addDefaultSources()
        .withMapping(EvaluatorConfig.class)
        .withDefaultValue("lift.evaluator.state-dir", state.toString())
        .build()
        .getConfigMapping(EvaluatorConfig.class);
  }
}
