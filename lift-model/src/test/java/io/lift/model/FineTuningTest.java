package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.checkpoint.CheckpointExport;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.random.SeededRandom;
import io.lift.model.training.BatchSampler;
import io.lift.model.training.StepMemory;
import io.lift.model.training.TrainingRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningTest {
  private static final TaskLanguage LANGUAGE = Examples.signs();
  private static final List<Example> FIRST = Examples.examples(Examples.signs(50, 1));
  private static final List<Example> SECOND = Examples.examples(Examples.signs(30, 2));
  private static final RoundProgress ON = (step, steps, loss) -> true;

  private static BaseModel base;

  @BeforeAll
  static void open() {
    base = BaseModel.open(null, "cpu");
  }

  @AfterAll
  static void close() {
    base.close();
  }

  @Test
  void aResumedFineTuningContinuesBitForBit() {
    byte[] straight;
    byte[] between;
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(2))) {
      tuning.round(FIRST, List.of(), ON);
      between = tuning.checkpoint();
      tuning.round(SECOND, FIRST, ON);
      straight = tuning.checkpoint();
    }
    try (FineTuning tuning = FineTuning.resume(base, LANGUAGE, Recipes.brief(2), between)) {
      assertThat(tuning.checkpoint()).isEqualTo(between);
      tuning.round(SECOND, FIRST, ON);
      assertThat(tuning.checkpoint()).isEqualTo(straight);
    }
  }

  @Test
  void aFineTuningStoppedAfterAnyStepContinuesBitForBit() {
    Map<Integer, byte[]> within = new HashMap<>();
    byte[] straight;
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(2))) {
      tuning.round(FIRST, List.of(), ON);
      tuning.round(
          SECOND,
          FIRST,
          (step, steps, loss) -> {
            within.put(steps - step, tuning.checkpoint());
            return true;
          });
      straight = tuning.checkpoint();
    }
    int last = Collections.max(within.keySet());
    for (int left : List.of(last, last / 2, 1, 0)) {
      byte[] stopped = within.get(left);
      try (FineTuning tuning = FineTuning.resume(base, LANGUAGE, Recipes.brief(2), stopped)) {
        assertThat(tuning.checkpoint()).isEqualTo(stopped);
        RoundReport rest = tuning.round(SECOND, FIRST, ON);
        assertThat(rest.steps()).isEqualTo(left);
        assertThat(tuning.checkpoint()).isEqualTo(straight);
      }
    }
  }

  @Test
  void anEnsembleContinuesBitForBitToo() {
    Map<Integer, byte[]> within = new HashMap<>();
    byte[] between;
    byte[] straight;
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.ensemble())) {
      tuning.round(FIRST, List.of(), (step, n, loss) -> keep(within, step, tuning));
      between = tuning.checkpoint();
      assertThat(tuning.choices()).containsEntry("folds", 4).containsKey("weights");
      tuning.round(SECOND, FIRST, ON);
      straight = tuning.checkpoint();
    }
    for (int step : List.of(3, 12)) {
      byte[] stopped = within.get(step);
      try (FineTuning tuning = FineTuning.resume(base, LANGUAGE, Recipes.ensemble(), stopped)) {
        tuning.round(FIRST, List.of(), ON);
        assertThat(tuning.checkpoint()).isEqualTo(between);
      }
    }
    try (FineTuning tuning = FineTuning.resume(base, LANGUAGE, Recipes.ensemble(), between)) {
      tuning.round(SECOND, FIRST, ON);
      assertThat(tuning.checkpoint()).isEqualTo(straight);
    }
  }

  private static boolean keep(Map<Integer, byte[]> within, int step, FineTuning tuning) {
    within.put(step, tuning.checkpoint());
    return true;
  }

  @Test
  void betweenRoundsACheckpointIsWeightsAlone() {
    Map<Integer, byte[]> within = new HashMap<>();
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(1))) {
      tuning.round(FIRST, List.of(), (step, n, loss) -> keep(within, step, tuning));
      assertThat(tuning.checkpoint().length).isLessThan(within.get(3).length / 2);
    }
  }

  @Test
  void aRoundIsResumedWithItsOwnRowsOnly() {
    byte[][] within = new byte[1][];
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(1))) {
      tuning.round(
          FIRST,
          List.of(),
          (step, steps, loss) -> {
            within[0] = tuning.checkpoint();
            return step < 3;
          });
    }
    try (FineTuning tuning = FineTuning.resume(base, LANGUAGE, Recipes.brief(1), within[0])) {
      assertThatThrownBy(() -> tuning.round(SECOND, List.of(), ON))
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessageContaining("a round of other rows");
      assertThat(tuning.step()).isEqualTo(3);
    }
  }

  @Test
  void theSameRoundsGiveTheSameBytes() {
    assertThat(checkpointOfOneRound()).isEqualTo(checkpointOfOneRound());
  }

  @Test
  void anotherProcessMakesTheSameBytes() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-DDJL_CACHE_DIR=" + System.getProperty("DJL_CACHE_DIR"),
                "-cp",
                System.getProperty("java.class.path"),
                FineTuningTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String printed = new String(process.getInputStream().readAllBytes()).strip();
    assertThat(process.waitFor()).isZero();
    assertThat(printed).isEqualTo(sha256(checkpointOfOneRound()));
  }

  /** Prints the sha256 of {@link #checkpointOfOneRound()}. */
  public static void main(String[] args) throws Exception {
    open();
    System.out.println(sha256(checkpointOfOneRound()));
    close();
  }

  @Test
  void everyFreshRowIsReadAtLeastOnceHoweverFewTheSteps() {
    int[] lengths = new int[100];
    java.util.Arrays.setAll(lengths, i -> i % 7);
    for (int fresh : new int[] {64, 80, 96}) {
      int[][] plan = BatchSampler.of(lengths, fresh, 2, 3, 32, new SeededRandom(fresh));
      assertThat(IntStream.range(0, fresh).boxed())
          .isSubsetOf(Stream.of(plan).flatMapToInt(IntStream::of).boxed().toList());
    }
  }

  @Test
  void stepsLeaveNothingBehindInTheEngine() {
    TrainingPolicy policy =
        TrainingPolicy.builder().epochs(200.0).maxSteps(300).members(1).seed(7L).build();
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, policy)) {
      List<Integer> resident = new ArrayList<>();
      tuning.round(
          FIRST, List.of(), (step, steps, loss) -> resident.add(tuning.trainer().residentArrays()));
      assertThat(resident).hasSize(300);
      // the first steps meet new lengths, whose position tables stay
      assertThat(resident.subList(20, 300)).containsOnly(resident.get(20));
    }
  }

  @Test
  void aLossThatIsNeverFiniteEndsTheRoundAndKeepsTheWeights() {
    TrainingRecipe diverging = Recipes.diverging();
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, diverging, StepMemory.DEFAULT)) {
      byte[] before = tuning.checkpoint();
      assertThatThrownBy(() -> tuning.round(FIRST, List.of(), ON))
          .isInstanceOf(TrainingFailedException.class)
          .hasMessageContaining("10 steps in a row");
      assertThat(tuning.checkpoint()).isEqualTo(before);
    }
  }

  @Test
  void aRoundThatIsEndedEarlyLeavesNoTrace() {
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(1))) {
      tuning.round(FIRST, List.of(), ON);
      byte[] before = tuning.checkpoint();
      RoundReport report = tuning.round(SECOND, FIRST, (step, n, loss) -> step < 2);
      assertThat(report.completed()).isFalse();
      assertThat(report.steps()).isEqualTo(2);
      assertThat(tuning.checkpoint()).isEqualTo(before);
    }
  }

  /** Follows a round that is cut after a step. */
  private static RoundProgress cutAfter(int cut, RoundProgress inner) {
    return new RoundProgress() {
      private int done;

      @Override
      public boolean after(int step, int steps, double loss) {
        done = step;
        return inner.after(step, steps, loss);
      }

      @Override
      public boolean cut() {
        return done >= cut;
      }
    };
  }

  @Test
  void aRoundThatIsCutEndsWithAFewClosingStepsThatReadEveryFreshRow() {
    List<Integer> planned = new ArrayList<>();
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.ensemble())) {
      RoundReport report = tuning.round(FIRST, List.of(), cutAfter(4, (s, n, l) -> planned.add(n)));

      assertThat(report.completed()).isTrue();
      assertThat(report.cutAt()).isEqualTo(4);
      assertThat(report.steps())
          .isLessThan(planned.get(0))
          .isEqualTo(planned.get(planned.size() - 1));
      assertThat(report.steps() + report.omitted()).isEqualTo(planned.get(0));
      assertThat(report.loss()).isFinite();
      assertThat(tuning.choices()).containsKey("weights");
    }
  }

  @Test
  void aCutRoundGivesTheSameBytesAlsoWhereItWasStoppedBeforeTheCut() {
    byte[] straight;
    byte[][] within = new byte[1][];
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.ensemble())) {
      tuning.round(
          FIRST,
          List.of(),
          cutAfter(
              5,
              (step, n, loss) -> {
                within[0] = step == 3 ? tuning.checkpoint() : within[0];
                return true;
              }));
      straight = tuning.checkpoint();
    }
    try (FineTuning tuning = FineTuning.resume(base, LANGUAGE, Recipes.ensemble(), within[0])) {
      RoundReport rest = tuning.round(FIRST, List.of(), cutAfter(5, ON));
      assertThat(rest.cutAt()).isEqualTo(5);
      assertThat(tuning.checkpoint()).isEqualTo(straight);
    }
  }

  @Test
  void aCutAtTheLastStepsChangesNothing() {
    byte[] whole;
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.ensemble())) {
      tuning.round(FIRST, List.of(), ON);
      whole = tuning.checkpoint();
    }
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.ensemble())) {
      RoundReport report = tuning.round(FIRST, List.of(), cutAfter(11, ON));
      assertThat(report.cutAt()).isZero();
      assertThat(tuning.checkpoint()).isEqualTo(whole);
    }
  }

  @Test
  void anExportedModelHasPublishedNamesAndTheTasksOwnTokens(@TempDir Path folder) throws Exception {
    CheckpointExport.write(checkpointOfOneRound(), folder);
    byte[] config = Files.readAllBytes(folder.resolve(ModelFolder.CONFIG));
    byte[] weights = Files.readAllBytes(folder.resolve(ModelFolder.WEIGHTS));
    DecoderConfig shape = PublishedConfig.read(ModelFolder.CONFIG, config);
    assertThat(shape.vocabSize()).isEqualTo(base.taskEncoder(LANGUAGE).vocabulary());
    Map<String, Safetensors.Tensor> tensors =
        Safetensors.read(ModelFolder.WEIGHTS, weights).tensors();
    assertThat(tensors.keySet()).noneMatch(name -> name.contains("optimizer"));
    int answers = new ObjectMapper().readTree(config).get("answer_size").asInt();
    assertThat(answers).isEqualTo(base.taskEncoder(LANGUAGE).answers());
    ParameterLayout layout = ParameterLayout.of(shape, shape.vocabSize(), answers);
    for (ParameterLayout.Entry e : layout.entries()) {
      assertThat(tensors.get(e.name()).shape()).isEqualTo(e.shape());
    }
  }

  @Test
  void aCheckpointOfAnotherLanguageIsRejected() {
    byte[] checkpoint = checkpointOfOneRound();
    assertThatThrownBy(() -> FineTuning.resume(base, Examples.line(), Recipes.brief(1), checkpoint))
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageContaining("another language");
    assertThatThrownBy(() -> Scorer.of(base, LANGUAGE, new byte[100]))
        .isInstanceOf(InvalidCheckpointException.class);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] checkpointOfOneRound() {
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(1))) {
      tuning.round(FIRST, List.of(), ON);
      return tuning.checkpoint();
    }
  }
}
