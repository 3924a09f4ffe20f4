package io.lift.evaluator.scoring;

import static io.lift.evaluator.scoring.EvaluatorDriver.DAY;
import static io.lift.evaluator.scoring.EvaluatorDriver.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.answer.Answer;
import io.lift.evaluator.scoring.JoinInput.Completion;
import io.lift.evaluator.scoring.JoinInput.Prediction;
import io.lift.evaluator.scoring.JoinInput.Question;
import io.lift.evaluator.scoring.JoinInput.Training;
import io.lift.evaluator.scoring.JoinInput.Truth;
import io.lift.kafka.Traces;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The join while a training example that it has made is still on the way to its topic. */
class HeldPredictionTest {
  private static final Answer YES = answer("yes", "no", 0.2, "yes", 0.8);
  private static final long WAIT = 1000;

  private final MockProcessorContext<String, ParsedInput> context = new MockProcessorContext<>();
  private final JoinProcessor join =
      new JoinProcessor(
          new EvaluatorSettings(DAY, 10, 10, Duration.ofSeconds(1), true, 1),
          Topics.of(""),
          Traces.NONE);

  @BeforeEach
  void begin() {
    for (var builder : JoinProcessor.stores(Stores::inMemoryKeyValueStore)) {
      StateStore store = builder.withLoggingDisabled().withCachingDisabled().build();
      context.addStateStore(store);
      store.init(context.getStateStoreContext(), store);
    }
    context.setCurrentStreamTimeMs(0);
    join.init(context);
    process(
        JoinInput.of(
            "t",
            "a",
            new Truth("yes", Training.NONE, 0, 5),
            new Completion("yes@@@", "yes", "L", WAIT)));
    process(JoinInput.of("t", "a", new Question(1, "x ###", new int[0], null, "L", WAIT, null)));
    process(JoinInput.of("t", "a", new Prediction(YES, 3, Map.of(0, 8L), 1.0, null, null, null)));
  }

  @Test
  void aPredictionIsNotScoredBeforeThePlaceOfItsRowsExampleIsKnown() {
    assertThat(outcomes()).containsExactly(Outcome.Kind.JOINED);
  }

  @Test
  void aCheckpointThatHadNotSeenTheExampleIsScored() {
    process(JoinInput.of("t", "a", new Truth("yes", Training.JOINED, 0, 8)));

    assertThat(outcomes()).containsExactly(Outcome.Kind.JOINED, Outcome.Kind.SCORED);
  }

  @Test
  void aCheckpointThatHadSeenTheExampleIsLeaked() {
    process(JoinInput.of("t", "a", new Truth("yes", Training.JOINED, 0, 7)));

    assertThat(outcomes()).containsExactly(Outcome.Kind.JOINED, Outcome.Kind.LEAKED);
  }

  private void process(JoinInput input) {
    join.process(new Record<>(input.key(), input, 0));
  }

  private List<Outcome.Kind> outcomes() {
    return context.forwarded().stream()
        .map(forwarded -> forwarded.record().value())
        .filter(Outcome.class::isInstance)
        .map(outcome -> ((Outcome) outcome).kind())
        .toList();
  }
}
