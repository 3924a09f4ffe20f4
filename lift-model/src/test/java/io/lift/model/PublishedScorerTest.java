package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.TensorType;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.Scorer.Question;
import io.lift.model.Scorer.Serving;
import io.lift.model.scoring.Sampling;
import io.lift.testing.RandomModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small folder laid out like a published model: tuned, scored and written with. */
class PublishedScorerTest {
  private static final TaskLanguage SIGNS = Examples.signs();
  private static final TaskLanguage LINE = Examples.line();
  private static final List<Prompt> SIGN_PROMPTS = Examples.prompts(Examples.signs(12, 5));
  private static final List<Prompt> LINE_PROMPTS = Examples.prompts(Examples.line(12, 5));

  @TempDir static Path folder;

  private static BaseModel base;
  private static byte[] signs;
  private static byte[] line;

  @BeforeAll
  static void train() throws Exception {
    RandomModelFolder.Size size = new RandomModelFolder.Size("llama", 400, 32, 2, 4, 2, 64);
    RandomModelFolder.write(folder, size, TensorType.F32, 1, 1);
    base = BaseModel.open(folder.toString(), "cpu");
    signs = tuned(SIGNS, Examples.signs(40, 6));
    line = tuned(LINE, Examples.line(40, 6));
  }

  @AfterAll
  static void close() {
    base.close();
  }

  @Test
  void scorersOfDifferentTasksAndVersionsAnswerTogetherAsTheyDoAlone() {
    try (Scorer first = Scorer.base(base, SIGNS);
        Scorer second = Scorer.of(base, SIGNS, signs);
        Scorer third = Scorer.of(base, LINE, line)) {
      List<Question> questions = new ArrayList<>();
      for (int i = 0; i < SIGN_PROMPTS.size(); i++) {
        questions.add(new Question(i % 2 == 0 ? first : second, SIGN_PROMPTS.get(i)));
        questions.add(new Question(third, LINE_PROMPTS.get(i)));
      }

      List<Answer> together = Scorer.scoreAll(questions);

      for (int i = 0; i < questions.size(); i++) {
        Question asked = questions.get(i);
        Answer alone = asked.scorer().score(List.of(asked.prompt())).get(0);
        same(together.get(i), alone);
      }
      assertThat(first.score(SIGN_PROMPTS)).isNotEqualTo(second.score(SIGN_PROMPTS));
    }
  }

  @Test
  void aMergedAdapterAnswersAsItDoesUnmerged() {
    try (Scorer unmerged = Scorer.of(base, LINE, line);
        Scorer merged = Scorer.of(base, LINE, line, Serving.MERGED);
        Scorer other = Scorer.of(base, SIGNS, signs)) {
      assertThat(unmerged.sharesPasses()).isTrue();
      assertThat(merged.sharesPasses()).isFalse();
      assertThat(merged.bytes()).isGreaterThan(unmerged.bytes());

      double[][] expected = unmerged.probabilities(LINE_PROMPTS);
      double[][] found = merged.probabilities(LINE_PROMPTS);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(1e-4));
      }
      List<Answer> mixed =
          Scorer.scoreAll(
              List.of(
                  new Question(merged, LINE_PROMPTS.get(0)),
                  new Question(other, SIGN_PROMPTS.get(0)),
                  new Question(merged, LINE_PROMPTS.get(1))));
      same(mixed.get(0), unmerged.score(LINE_PROMPTS).get(0));
      same(mixed.get(1), other.score(SIGN_PROMPTS).get(0));
      same(mixed.get(2), unmerged.score(LINE_PROMPTS).get(1));
    }
  }

  @Test
  void aCheckpointOfAnotherBaseIsRejected() {
    try (BaseModel embedded = BaseModel.open(null, "cpu")) {
      assertThatThrownBy(() -> Scorer.of(embedded, SIGNS, signs))
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessageContaining("another base");
    }
  }

  @Test
  void aScorerWritesTextWithItsAdapter() {
    Sampling how = Sampling.greedy(6, List.of("@@@"));
    try (Scorer plain = Scorer.base(base, SIGNS);
        Scorer tuned = Scorer.of(base, SIGNS, signs)) {
      assertThat(plain.generate(SIGN_PROMPTS, how))
          .hasSize(SIGN_PROMPTS.size())
          .isNotEqualTo(tuned.generate(SIGN_PROMPTS, how));
    }
  }

  @Test
  void theEmbeddedModelWritesTheLabelsThatItLearned() {
    try (BaseModel embedded = BaseModel.open(null, "cpu");
        FineTuning tuning =
            FineTuning.start(embedded, SIGNS, Recipes.brief(2), TrainingOptions.DEFAULT)) {
      tuning.round(
          Examples.examples(Examples.signs(100, 6)), List.of(), (step, steps, loss) -> true);
      try (Scorer scorer = Scorer.of(embedded, SIGNS, tuning.checkpoint())) {
        assertThat(scorer.generate(SIGN_PROMPTS, Sampling.greedy(1, List.of())))
            .allMatch(SIGNS.candidates()::contains);
      }
    }
  }

  private static void same(Answer found, Answer expected) {
    if (expected.value() != null) {
      assertThat(found.value()).isCloseTo(expected.value(), within(1e-3));
      return;
    }
    assertThat(found.label()).isEqualTo(expected.label());
    expected
        .probabilities()
        .forEach((l, p) -> assertThat(found.probabilities().get(l)).isCloseTo(p, within(1e-4)));
  }

  /** A checkpoint after some steps that move the adapter far. */
  private static byte[] tuned(TaskLanguage language, List<Examples.Case> cases) {
    TrainingPolicy policy =
        TrainingPolicy.builder()
            .epochs(4.0)
            .maxSteps(12)
            .seed(7L)
            .batch(8)
            .learningRate(1e-2)
            .build();
    try (FineTuning tuning = FineTuning.start(base, language, policy, TrainingOptions.DEFAULT)) {
      tuning.round(Examples.examples(cases), List.of(), (step, steps, loss) -> true);
      return tuning.checkpoint();
    }
  }
}
