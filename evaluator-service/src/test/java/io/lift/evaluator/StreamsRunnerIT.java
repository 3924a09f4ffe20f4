package io.lift.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicAdmin;
import io.lift.kafka.Traces;
import io.lift.messages.MetricsMessage;
import io.lift.messages.Topics;
import io.lift.testing.Loans;
import io.lift.testing.TestKafka;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streams over the end of their process, on a real broker. */
class StreamsRunnerIT {
  private static final Topics TOPICS = Topics.of("");
  private static final String TASK = "loans";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path state;

  @Test
  void whatWasCountedIsThereAfterAStopAndAfterAKill() throws Exception {
    try (TestKafka broker = TestKafka.start();
        EvaluatorInput input = new EvaluatorInput(broker.bootstrap());
        CompactedTable<MetricsMessage> metrics =
            new CompactedTable<>(TOPICS.metrics(), broker.settings())) {
      KafkaConnection kafka = new KafkaConnection(broker.settings(), TOPICS);
      TopicAdmin.ensure(kafka.settings(), TOPICS.all());
      metrics.start();
      input.create(Loans.approvals(TASK));
      Path left = state.resolve("lift-evaluator/1_0/left-behind");

      runUntilScored(kafka, input, metrics, 1);
      Files.writeString(left, "by a process that was stopped");
      runUntilScored(kafka, input, metrics, 2);
      assertThat(left).as("stores that were closed are kept").exists();

      // as if the process had ended before it closed them
      new LocalState(state, "lift-evaluator").open(() -> {});
      runUntilScored(kafka, input, metrics, 3);
      assertThat(left).as("stores that were not closed are made anew").doesNotExist();
    }
  }

  private void runUntilScored(
      KafkaConnection kafka,
      EvaluatorInput input,
      CompactedTable<MetricsMessage> metrics,
      int rows) {
    try (StreamsRunner streams =
        new StreamsRunner(
            config(), kafka, Traces.NONE, new StreamsProgress(Map::of), sentence -> {})) {
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
    }
  }

  private EvaluatorConfig config() {
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
