package io.lift.inference.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.inference.models.FakeModelLoader;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelLookup;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.RegistryListener;
import io.lift.inference.requests.MicroBatcher.Job;
import io.lift.inference.support.Evidence;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Predictor;
import io.lift.model.incontext.RowContent;
import io.lift.testing.Loans;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobScorerTest {
  private final FakeModelLoader models = new FakeModelLoader();
  private final ModelRegistry registry =
      new ModelRegistry(models, 800, Runnable::run, new RegistryListener() {});
  private final TaskSpec task = Loans.risks("loans", 1, BeforeFirstCheckpoint.BASE);
  private final Prompt prompt = Loans.prompt(new TaskLanguage(task), 30, 10);

  private ModelLookup.Ready ready(int versions) {
    registry.onTask("loans", task);
    for (int version = 1; version <= versions; version++) {
      registry.onCheckpoint("loans", FakeModelLoader.manifest(task, version));
    }
    return (ModelLookup.Ready) registry.resolve("loans", 1);
  }

  private Job job(ModelLookup.Ready ready, Map<String, Double> weights, double... frequencies) {
    Evidence evidence =
        new Evidence(
            new RowContent(new int[2], List.of()),
            new PredictionMessage.Support(0, 0, 1, 1),
            List.of(),
            Map.of("frequencies-64", frequencies));
    return new Job(ready.model(), ready.previous(), prompt, evidence, weights);
  }

  @Test
  void withoutLabelledRowsTheModelAnswersAlone() {
    LoadedModel model = ready(1).model();
    JobScorer.Mixed answer = JobScorer.score(List.of(new Job(model, prompt))).get(0);
    assertThat(answer.answer().label()).isEqualTo("loans/1");
    assertThat(answer.predictors()).isNull();
  }

  @Test
  void theBaseModelHasLearnedNothingAndIsNoPredictor() {
    JobScorer.Mixed answer = JobScorer.score(List.of(job(ready(0), Map.of(), 0.25, 0.75))).get(0);
    assertThat(answer.answer().probabilities().get("high")).isCloseTo(0.75, within(1e-9));
    assertThat(answer.predictors())
        .containsExactly(new Predictor("frequencies-64", 1, List.of(0.25, 0.75), null, null));
    assertThat(models.batches).as("it is not asked").isEmpty();
  }

  @Test
  void theAnswerIsTheMixtureOfBothCheckpointsByTheWeightsThatWereLearned() {
    models.probabilities = Map.of("loans/2", new double[] {1, 0}, "loans/1", new double[] {0, 1});
    Map<String, Double> weights =
        Map.of("checkpoint-2", 0.6, "checkpoint-1", 0.3, "frequencies-64", 0.1);

    JobScorer.Mixed answer = JobScorer.score(List.of(job(ready(2), weights, 0.5, 0.5))).get(0);

    assertThat(answer.answer().label()).isEqualTo("low");
    assertThat(answer.answer().probabilities().get("low")).isCloseTo(0.65, within(1e-9));
    assertThat(answer.predictors())
        .extracting(Predictor::name)
        .containsExactlyInAnyOrder("checkpoint-2", "checkpoint-1", "frequencies-64");
  }

  @Test
  void beforeAnythingIsKnownTheCheckpointIsTrustedMost() {
    models.probabilities = Map.of("loans/2", new double[] {1, 0}, "loans/1", new double[] {0, 1});
    JobScorer.Mixed answer = JobScorer.score(List.of(job(ready(2), Map.of(), 0.5, 0.5))).get(0);
    assertThat(answer.answer().probabilities().get("low")).isGreaterThan(0.95);
  }
}
