package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.decoder.TorchEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The model on an NVIDIA GPU beside the same model on the CPU; docs/gpu.md says how to run it. */
class GpuTest {
  private static final TaskLanguage LANGUAGE = Examples.signs();
  private static final List<Examples.Case> ROWS = Examples.signs(300, 11);

  private static BaseModel cpu;
  private static BaseModel gpu;

  @BeforeAll
  static void open() {
    if (TorchEngine.load().getGpuCount() > 0) {
      cpu = BaseModel.open(null, "cpu");
      gpu = BaseModel.open(null, "gpu");
    }
  }

  @BeforeEach
  void skipWithoutAGpu() {
    assumeTrue(gpu != null, "skipped: PyTorch finds no GPU on this machine");
  }

  @AfterAll
  static void close() {
    if (gpu != null) {
      cpu.close();
      gpu.close();
    }
  }

  @Test
  void aModelOpenedOnTheGpuLivesThere() {
    try (NDManager manager = gpu.newManager()) {
      assertThat(manager.ones(new Shape(2)).getDevice().isGpu()).isTrue();
    }
  }

  @Test
  void theGpuScoresAsTheCpuDoes() {
    byte[] checkpoint;
    try (FineTuning tuning = FineTuning.start(cpu, LANGUAGE, Recipes.brief(2))) {
      tuning.round(Examples.examples(ROWS), List.of(), (step, steps, loss) -> true);
      checkpoint = tuning.checkpoint();
    }
    try (Scorer here = Scorer.of(cpu, LANGUAGE, checkpoint);
        Scorer there = Scorer.of(gpu, LANGUAGE, checkpoint)) {
      double[][] expected = here.probabilities(Examples.prompts(ROWS));
      double[][] found = there.probabilities(Examples.prompts(ROWS));
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(1e-4));
      }
    }
  }

  @Test
  void theGpuTrainsAsTheCpuDoes() {
    List<Double> expected = losses(cpu);
    List<Double> found = losses(gpu);
    assertThat(expected).hasSize(12);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-4));
    }
  }

  @Test
  void itLearnsOnTheGpu() {
    List<Examples.Case> tests = Examples.signs(200, 12);
    TrainingPolicy policy =
        TrainingPolicy.builder().epochs(40.0).maxSteps(400).members(1).seed(1L).build();
    byte[] checkpoint;
    try (FineTuning tuning = FineTuning.start(gpu, LANGUAGE, policy)) {
      tuning.round(Examples.examples(ROWS), List.of(), (step, steps, loss) -> true);
      checkpoint = tuning.checkpoint();
    }
    try (Scorer scorer = Scorer.of(gpu, LANGUAGE, checkpoint)) {
      List<Answer> answers = scorer.score(Examples.prompts(tests));
      int right = 0;
      for (int i = 0; i < tests.size(); i++) {
        right += answers.get(i).label().equals(tests.get(i).target()) ? 1 : 0;
      }
      assertThat(right / 200.0).isGreaterThan(0.9);
    }
  }

  private static List<Double> losses(BaseModel base) {
    List<Double> losses = new ArrayList<>();
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(2))) {
      tuning.round(Examples.examples(ROWS), List.of(), (step, steps, loss) -> losses.add(loss));
    }
    return losses;
  }
}
