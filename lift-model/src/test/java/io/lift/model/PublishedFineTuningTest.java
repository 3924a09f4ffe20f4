package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.checkpoint.CheckpointExport;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.PeftConfig;
import io.lift.checkpoint.PeftFolder;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.LoraPolicy;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.training.Preset;
import io.lift.model.training.StepMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters on a small published model, from rows to checkpoints. */
class PublishedFineTuningTest {
  private static final TaskLanguage LANGUAGE = Examples.signs();
  private static final List<Example> FIRST = Examples.examples(Examples.signs(24, 1));
  private static final List<Example> SECOND = Examples.examples(Examples.signs(10, 2));
  private static final RoundProgress ON = (step, steps, loss) -> true;

  /** With dropout, so that the random state matters. */
  private static final TrainingPolicy POLICY = policy(new LoraPolicy(4, 8.0, 0.2, null));

  @TempDir static Path folder;
  private static BaseModel base;

  @BeforeAll
  static void open() throws Exception {
    base = RandomModel.published(folder);
  }

  @AfterAll
  static void close() {
    base.close();
  }

  @Test
  void aRoundLearnsAndReportsItsPadding() {
    List<Double> losses = new ArrayList<>();
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, fast(4e-3))) {
      RoundReport report = tuning.round(FIRST, List.of(), (step, steps, loss) -> losses.add(loss));
      assertThat(report.steps()).isEqualTo(60); // 10 epochs of 24 rows in batches of 4
      assertThat(report.paddingShare()).isBetween(0.0, 0.1);
      assertThat(report.loss()).isLessThan(losses.get(0) - 3);
    }
  }

  @Test
  void anAdapterStoppedAfterAnyStepContinuesBitForBit() {
    List<byte[]> within = new ArrayList<>();
    byte[] straight;
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, POLICY)) {
      tuning.round(FIRST, List.of(), ON);
      tuning.round(SECOND, FIRST, (step, steps, loss) -> within.add(tuning.checkpoint()));
      straight = tuning.checkpoint();
    }
    for (int step : List.of(0, within.size() / 2, within.size() - 1)) {
      try (FineTuning tuning = FineTuning.resume(base, LANGUAGE, POLICY, within.get(step))) {
        tuning.round(SECOND, FIRST, ON);
        assertThat(tuning.checkpoint()).isEqualTo(straight);
      }
    }
  }

  @Test
  void severalAdaptersAreTrainedSideBySideAndTheirAnswersAveraged() throws Exception {
    LoraPolicy plain = new LoraPolicy(4, 8.0, 0.0, null);
    TrainingPolicy three =
        TrainingPolicy.builder().members(3).seed(7L).learningRate(4e-3).lora(plain).build();
    List<byte[]> within = new ArrayList<>();
    byte[] together;
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, three)) {
      tuning.round(FIRST, List.of(), (step, steps, loss) -> within.add(tuning.checkpoint()));
      together = tuning.checkpoint();
    }
    try (FineTuning tuning = FineTuning.resume(base, LANGUAGE, three, within.get(20))) {
      tuning.round(FIRST, List.of(), ON);
      assertThat(tuning.checkpoint()).isEqualTo(together);
    }

    Path members = folder.resolve("three");
    assertThat(CheckpointExport.write(together, members)).hasSize(6);
    List<Prompt> queries = Examples.prompts(Examples.signs(7, 9));
    double[][] mean = new double[queries.size()][2];
    for (int m = 0; m < 3; m++) {
      PeftFolder one = PeftFolder.read(members.resolve("member-" + m));
      TrainingOptions from = new TrainingOptions(Preset.PAPER, one, StepMemory.DEFAULT);
      try (FineTuning tuning = FineTuning.start(base, LANGUAGE, POLICY, from);
          Scorer alone = Scorer.of(base, LANGUAGE, tuning.checkpoint())) {
        double[][] answers = alone.probabilities(queries);
        for (int i = 0; i < mean.length; i++) {
          mean[i][0] += answers[i][0] / 3;
          mean[i][1] += answers[i][1] / 3;
        }
        assertThat(answers[0]).isNotEqualTo(mean[0]);
      }
    }
    for (Scorer.Serving serving : Scorer.Serving.values()) {
      try (Scorer scorer = Scorer.of(base, LANGUAGE, together, serving)) {
        double[][] answers = scorer.probabilities(queries);
        for (int i = 0; i < mean.length; i++) {
          assertThat(answers[i]).containsExactly(mean[i], within(1e-4));
        }
      }
    }
  }

  @Test
  void theFirstOfSeveralAdaptersLearnsWhatItLearnsAlone() {
    LoraPolicy plain = new LoraPolicy(4, 8.0, 0.0, null);
    TrainingPolicy.Builder policy =
        TrainingPolicy.builder().seed(7L).learningRate(4e-3).epochs(1.0).lora(plain);
    List<Double> alone = new ArrayList<>();
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, policy.members(1).build())) {
      tuning.round(FIRST, List.of(), ON);
      try (Scorer scorer = Scorer.of(base, LANGUAGE, tuning.checkpoint())) {
        for (double[] p : scorer.probabilities(Examples.prompts(Examples.signs(5, 9)))) {
          alone.add(p[0]);
        }
      }
    }
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, policy.members(2).build())) {
      tuning.round(FIRST, List.of(), ON);
      Path members = folder.resolve("two");
      CheckpointExport.write(tuning.checkpoint(), members);
      PeftFolder first = PeftFolder.read(members.resolve("member-0"));
      TrainingOptions from = new TrainingOptions(Preset.PAPER, first, StepMemory.DEFAULT);
      try (FineTuning again = FineTuning.start(base, LANGUAGE, POLICY, from);
          Scorer scorer = Scorer.of(base, LANGUAGE, again.checkpoint())) {
        double[][] found = scorer.probabilities(Examples.prompts(Examples.signs(5, 9)));
        for (int i = 0; i < found.length; i++) {
          assertThat(found[i][0]).isCloseTo(alone.get(i), within(1e-3));
        }
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void chosenLayersAloneAreAdapted() {
    TrainingPolicy some = policy(new LoraPolicy(2, null, null, List.of("q_proj", "v_proj")));
    PeftFolder written = exported(some, "some");
    assertThat(written.config().targets()).containsExactly("q_proj", "v_proj");
    assertThat(written.tensors()).hasSize(2 * 2 * 3);
    assertThat(written.tensors().keySet())
        .contains("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight");
    assertThat(written.config().alpha()).isEqualTo(2);

    TrainingPolicy none = policy(new LoraPolicy(2, null, null, List.of("c_attn")));
    assertThatThrownBy(() -> FineTuning.start(base, LANGUAGE, none))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("no linear layer called c_attn; it has q_proj, k_proj");
  }

  @Test
  void thePaperAdaptsEveryLinearLayerWithRankSixteen() {
    PeftFolder written = exported(TrainingPolicy.defaults(), "paper");
    assertThat(written.config().rank()).isEqualTo(16);
    assertThat(written.config().targets())
        .containsExactly(
            "down_proj", "gate_proj", "k_proj", "lm_head", "o_proj", "q_proj", "up_proj", "v_proj");
    assertThat(written.tensors()).hasSize(2 * (7 * 3 + 1));
  }

  @Test
  void anExportedAdapterIsWhereAnotherTaskCanStart() throws Exception {
    PeftFolder written = exported(POLICY, "start");
    TrainingOptions from = new TrainingOptions(Preset.PAPER, written, StepMemory.DEFAULT);
    FineTuning.check(base, POLICY, from);
    Path again = folder.resolve("again");
    try (FineTuning tuning = FineTuning.start(base, Examples.line(), POLICY, from)) {
      assertThat(tuning.step()).isZero();
      CheckpointExport.write(tuning.checkpoint(), again);
    }
    PeftFolder read = PeftFolder.read(again);
    written
        .tensors()
        .forEach((name, t) -> assertThat(read.tensors().get(name).data()).isEqualTo(t.data()));
  }

  @Test
  void settingsThatDoNotFitTheBaseAreRejectedInOneSentence() {
    TrainingOptions whole = new TrainingOptions(Preset.EMBEDDED, null, StepMemory.DEFAULT);
    assertThatThrownBy(() -> FineTuning.check(base, POLICY, whole))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("Preset embedded trains all weights");
    try (BaseModel embedded = BaseModel.open(null, "cpu")) {
      TrainingOptions paper = new TrainingOptions(Preset.PAPER, null, StepMemory.DEFAULT);
      assertThatThrownBy(() -> FineTuning.check(embedded, POLICY, paper))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("trained whole");
      byte[] adapter;
      try (FineTuning tuning = FineTuning.start(base, LANGUAGE, POLICY)) {
        adapter = tuning.checkpoint();
      }
      assertThatThrownBy(() -> FineTuning.resume(embedded, LANGUAGE, POLICY, adapter))
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessageContaining("another base");
    }
  }

  @Test
  void unsupportedPeftSettingsAreRejected() {
    for (String setting :
        List.of("\"use_dora\": true", "\"use_rslora\": true", "\"rank_pattern\": {\"q\": 8}")) {
      String json = "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8, " + setting + "}";
      assertThatThrownBy(() -> PeftConfig.read(PeftConfig.FILE, json.getBytes()))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("not supported");
    }
  }

  @Test
  void aLossThatIsNeverFiniteLeavesTheAdapterAsItWas() {
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, fast(1e30))) {
      byte[] before = tuning.checkpoint();
      assertThatThrownBy(() -> tuning.round(FIRST, List.of(), ON))
          .isInstanceOfSatisfying(
              TrainingFailedException.class,
              e -> assertThat(e.skipped()).isGreaterThanOrEqualTo(10));
      assertThat(tuning.checkpoint()).isEqualTo(before);
    }
  }

  private static PeftFolder exported(TrainingPolicy policy, String name) {
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, policy)) {
      CheckpointExport.write(tuning.checkpoint(), folder.resolve(name));
      return PeftFolder.read(folder.resolve(name));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static TrainingPolicy policy(LoraPolicy lora) {
    return TrainingPolicy.builder().epochs(1.0).seed(7L).learningRate(4e-3).lora(lora).build();
  }

  private static TrainingPolicy fast(double rate) {
    return TrainingPolicy.builder().learningRate(rate).build();
  }
}
