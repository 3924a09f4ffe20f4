package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.ContextPolicy;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.TrainingPolicy;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a fine-tuning gives to true answers, against what its checkpoint answers when it serves. */
class LikelihoodsTest {
  private static final List<Example> SIGNS = Examples.examples(Examples.signs(60, 1));
  private static final List<Example> LINE = Examples.examples(Examples.line(60, 1));
  private static final List<Example> SIGN_QUERIES = Examples.examples(Examples.signs(70, 2));
  private static final List<Example> LINE_QUERIES = Examples.examples(Examples.line(70, 2));

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
  void anAnswersLikelihoodIsItsProbabilityWhenTheEnsembleServes() {
    assertServed(Examples.signs(), SIGNS, SIGN_QUERIES, policy(LearningMethod.builder()));
  }

  @Test
  void aNumbersLikelihoodIsThatOfItsPlaceOnTheGrid() {
    assertServed(Examples.line(), LINE, LINE_QUERIES, policy(LearningMethod.builder()));
  }

  @Test
  void rowsInContextStandBeforeTheRow() {
    ContextPolicy nearest = new ContextPolicy(ContextPolicy.Pick.NEAREST, 2);
    assertServed(
        Examples.signs(), SIGNS, SIGN_QUERIES, policy(LearningMethod.builder().context(nearest)));
  }

  @Test
  void thereIsABudgetOnlyWhereItChoosesTheMembers() {
    TrainingOptions options = TrainingOptions.DEFAULT;
    assertThat(FineTuning.budget(base, Recipes.ensemble(), options)).isEqualTo(10);
    assertThat(FineTuning.budget(base, Recipes.brief(2), options)).isZero();
    assertThat(FineTuning.budget(base, TrainingPolicy.defaults(), options)).isEqualTo(0.4);
  }

  private static TrainingPolicy policy(LearningMethod.Builder method) {
    return TrainingPolicy.builder()
        .epochs(2.0)
        .maxSteps(12)
        .budget(10.0)
        .seed(7L)
        .method(method.pretrained(false).build())
        .build();
  }

  private static void assertServed(
      TaskLanguage language, List<Example> learned, List<Example> queries, TrainingPolicy policy) {
    double[] logs;
    byte[] checkpoint;
    try (FineTuning tuning = FineTuning.start(base, language, policy)) {
      tuning.round(learned, List.of(), (step, steps, loss) -> true);
      logs = tuning.logLikelihoods(queries);
      checkpoint = tuning.checkpoint();
    }
    try (Scorer scorer = Scorer.of(base, language, checkpoint)) {
      double[][] served = scorer.probabilities(queries.stream().map(Example::prompt).toList());
      List<String> answers = language.candidates();
      assertThat(logs).hasSize(queries.size());
      for (int i = 0; i < logs.length; i++) {
        int own = own(answers, queries.get(i));
        assertThat(Math.exp(logs[i])).isCloseTo(served[i][own], within(1e-4));
      }
    }
  }

  private static int own(List<String> answers, Example row) {
    for (int c = 0; c < answers.size(); c++) {
      if (row.completion().equals(answers.get(c) + TaskLanguage.END_OF_COMPLETION)) {
        return c;
      }
    }
    throw new AssertionError(row.completion());
  }
}
