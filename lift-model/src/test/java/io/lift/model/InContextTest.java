package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.ContextPolicy;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.incontext.StoredRows;
import io.lift.model.incontext.TransformerWeights;
import io.lift.model.random.SeededRandom;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.Checkpoint.Support;
import io.lift.model.training.CheckpointCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The in-context model, beside members that had no time to train and alone. */
class InContextTest {
  private static final NumberStats UNIT = new NumberStats(100, 0, 1, -3, 3, 2);
  private static final TaskLanguage LANGUAGE =
      Examples.language(
          TaskType.CLASSIFICATION,
          List.of(Column.number("a", UNIT), Column.number("b", UNIT)),
          Column.category("side", List.of("left", "right")));

  private static BaseModel base;

  @BeforeAll
  static void open() {
    base = BaseModel.open(null, "cpu");
  }

  @AfterAll
  static void close() {
    base.close();
  }

  private record Case(Prompt prompt, String label) {
    Example example() {
      return new Example(prompt, LANGUAGE.completion(label));
    }
  }

  private static List<Case> rows(int count, long seed) {
    SeededRandom random = new SeededRandom(seed);
    List<Case> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = random.gaussian();
      double b = random.gaussian();
      Prompt prompt = LANGUAGE.prompt(new Row(Map.of("a", a, "b", b), null));
      rows.add(new Case(prompt, a + b > 0 ? "right" : "left"));
    }
    return rows;
  }

  private static byte[] learn(TrainingPolicy policy) {
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, policy)) {
      List<Example> examples = rows(60, 1).stream().map(Case::example).toList();
      tuning.round(examples, List.of(), (step, steps, loss) -> true);
      return tuning.checkpoint();
    }
  }

  private static double accuracy(byte[] checkpoint) {
    List<Case> queries = rows(300, 2);
    try (Scorer scorer = Scorer.of(base, LANGUAGE, checkpoint)) {
      List<Answer> answers = scorer.score(queries.stream().map(Case::prompt).toList());
      int right = 0;
      for (int i = 0; i < queries.size(); i++) {
        right += answers.get(i).label().equals(queries.get(i).label()) ? 1 : 0;
      }
      return right / (double) queries.size();
    }
  }

  @Test
  void theInContextModelHelpsMembersThatHadNoTimeToTrain() {
    TrainingPolicy.Builder brief = TrainingPolicy.builder().epochs(0.1).maxSteps(3).seed(7L);
    byte[] together = learn(brief.budget(10.0).build());
    LearningMethod membersOnly = LearningMethod.builder().pretrained(false).build();
    byte[] alone = learn(brief.method(membersOnly).build());
    Checkpoint read = read(together);
    assertThat(read(alone).provenance().ensemble().size())
        .isEqualTo(read.provenance().ensemble().size());
    assertThat(read(alone).provenance().ensemble().inContext()).isZero();
    assertThat(read(alone).support().rows()).isNull();
    assertThat(read.provenance().ensemble().inContext()).isGreaterThan(0.3);
    assertThat(read.support().rows().table().length).isEqualTo(60);
    assertThat(accuracy(together)).isGreaterThan(0.88).isGreaterThan(accuracy(alone) + 0.05);
  }

  @Test
  void probabilitiesAreTheMixtureOfMembersAndInContextModel() {
    byte[] together = learn(Recipes.ensemble());
    Checkpoint read = read(together);
    double share = read.provenance().ensemble().inContext();
    List<Prompt> queries = rows(5, 3).stream().map(Case::prompt).toList();
    double[][] mixed = probabilities(reweighted(read, share));
    double[][] members = probabilities(reweighted(read, 0));
    double[][] half = probabilities(reweighted(read, share / 2));
    for (int i = 0; i < queries.size(); i++) {
      // linear in the share: halfway between nothing and all of it
      double between = (mixed[i][0] + members[i][0]) / 2;
      assertThat(half[i][0]).isCloseTo(between, within(1e-5));
      assertThat(mixed[i][0] + mixed[i][1]).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void aSupportSetOfAnotherTaskIsRejected() {
    Checkpoint read = read(learn(Recipes.ensemble()));
    byte[] wide = withSupportSet(read, 1, 2, 3, 0);
    byte[] beyond = withSupportSet(read, 1, 100, 0);
    byte[] label = withSupportSet(read, 1, 2, 7);
    for (byte[] spoilt : List.of(wide, beyond, label)) {
      assertThatThrownBy(() -> Scorer.of(base, LANGUAGE, spoilt).close())
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessageContaining("not of this task");
    }
    byte[] none = CheckpointCodec.encode(read.with(Support.NONE));
    assertThatThrownBy(() -> Scorer.of(base, LANGUAGE, none).close())
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageContaining("not there");
  }

  @Test
  void aCheckpointOfAnotherInContextModelIsRejected() {
    Checkpoint read = read(learn(Recipes.ensemble()));
    assertThat(read.support().inContextModel()).isEqualTo(TransformerWeights.embedded().hash());
    byte[] other =
        CheckpointCodec.encode(read.with(new Support(read.support().rows(), "abc", null)));
    String why = "the checkpoint was made for another in-context model: abc, not ";
    assertThatThrownBy(() -> Scorer.of(base, LANGUAGE, other).close())
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageStartingWith(why);
    assertThatThrownBy(() -> FineTuning.resume(base, LANGUAGE, Recipes.ensemble(), other).close())
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageStartingWith(why);
  }

  @Test
  void withoutTrainingTheInContextModelAnswersFromTheRowsBeforeThePrompt() {
    for (ContextPolicy.Pick pick : ContextPolicy.Pick.values()) {
      byte[] untrained = learn(untrained(pick, 24));
      Checkpoint read = read(untrained);
      assertThat(read.state().step()).isZero();
      assertThat(read.provenance().ensemble().choices())
          .containsEntry("members", 0)
          .containsEntry("weights", Map.of("in-context", 1.0));
      assertThat(accuracy(untrained)).isGreaterThan(0.85);
    }
  }

  @Test
  void withoutTrainingOnlyTheRowsBeforeAPromptAreUsed() {
    TrainingPolicy nearest = untrained(ContextPolicy.Pick.NEAREST, 1);
    List<Case> queries = rows(60, 1); // each is the nearest of all to itself
    try (Scorer scorer = Scorer.of(base, LANGUAGE, learn(nearest))) {
      assertThat(scorer.score(queries.stream().map(Case::prompt).toList()))
          .extracting(Answer::label)
          .isEqualTo(queries.stream().map(Case::label).toList());
    }
    assertThat(accuracy(learn(untrained(ContextPolicy.Pick.RANDOM, 1)))).isLessThan(0.8);
  }

  @Test
  void withoutTrainingTheSupportSetMustBeTheRowsBeforePrompts() {
    byte[] untrained = learn(untrained(ContextPolicy.Pick.RANDOM, 8));
    Checkpoint read = read(untrained);
    Support support = read.support();
    Support otherRows =
        new Support(
            new StoredRows(new int[][] {{1, 2, 0}}, null),
            support.inContextModel(),
            support.context());
    byte[] others = CheckpointCodec.encode(read.with(otherRows));
    assertThatThrownBy(() -> Scorer.of(base, LANGUAGE, others).close())
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageContaining("not those of its prompts");
  }

  @Test
  void withoutTrainingAndWithoutRowsBeforePromptsTheWholeSupportSetAnswers() {
    LearningMethod method = LearningMethod.builder().fineTuning(false).build();
    byte[] untrained = learn(TrainingPolicy.builder().method(method).build());
    Checkpoint read = read(untrained);
    assertThat(read.state().step()).isZero();
    assertThat(read.support().context()).isNull();
    assertThat(read.provenance().ensemble().choices())
        .containsEntry("weights", Map.of("in-context", 1.0));
    assertThat(accuracy(untrained)).isGreaterThan(0.9);
  }

  @Test
  void withoutTrainingATaskThatTheInContextModelDoesNotReadNeedsRowsBeforePrompts() {
    LearningMethod method = LearningMethod.builder().fineTuning(false).build();
    TrainingPolicy policy = TrainingPolicy.builder().method(method).build();
    TaskLanguage decimals =
        new TaskLanguage(LANGUAGE.task().toBuilder().numbers(NumberFormat.adaptive()).build());
    assertThatThrownBy(() -> FineTuning.start(base, decimals, policy).close())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("needs rows in context (--context)");
  }

  private static TrainingPolicy untrained(ContextPolicy.Pick pick, int rows) {
    LearningMethod method =
        LearningMethod.builder().context(new ContextPolicy(pick, rows)).fineTuning(false).build();
    return TrainingPolicy.builder().method(method).build();
  }

  private static byte[] withSupportSet(Checkpoint read, int... row) {
    String model = read.support().inContextModel();
    return CheckpointCodec.encode(
        read.with(new Support(new StoredRows(new int[][] {row}, null), model, null)));
  }

  /** At temperature 1. */
  private static byte[] reweighted(Checkpoint read, double share) {
    Ensemble members = read.provenance().ensemble();
    return CheckpointCodec.encode(read.with(members.reweighted(members.weights(), share, 1)));
  }

  private static double[][] probabilities(byte[] checkpoint) {
    try (Scorer scorer = Scorer.of(base, LANGUAGE, checkpoint)) {
      return scorer.probabilities(rows(5, 3).stream().map(Case::prompt).toList());
    }
  }

  private static Checkpoint read(byte[] checkpoint) {
    return new ParameterFactory(base, LANGUAGE).read(checkpoint);
  }
}
