package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.TaskType;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.text.BaseVocabulary;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableEncoder;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.CheckpointCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final TaskLanguage LANGUAGE = Examples.signs();
  private static final List<Prompt> PROMPTS = Examples.prompts(Examples.signs(300, 5));

  private static BaseModel base;
  private static byte[] checkpoint;

  @BeforeAll
  static void train() {
    base = BaseModel.open(null, "cpu");
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(2))) {
      tuning.round(
          Examples.examples(Examples.signs(100, 6)), List.of(), (step, steps, loss) -> true);
      checkpoint = tuning.checkpoint();
    }
  }

  @AfterAll
  static void close() {
    base.close();
  }

  @Test
  void everyAnswerHasAProbabilityForEveryLabel() {
    try (Scorer scorer = Scorer.of(base, LANGUAGE, checkpoint)) {
      for (Answer answer : scorer.score(PROMPTS)) {
        assertThat(answer.probabilities()).containsOnlyKeys("no", "yes");
        double sum = answer.probabilities().values().stream().mapToDouble(p -> p).sum();
        assertThat(sum).isCloseTo(1, within(1e-9));
      }
    }
  }

  @Test
  void answersDoNotDependOnBatchSizeOrOrder() {
    try (Scorer scorer = Scorer.of(base, LANGUAGE, checkpoint)) {
      double[][] together = scorer.probabilities(PROMPTS);
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < PROMPTS.size(); i++) {
        order.add(i);
      }
      Collections.shuffle(order, new Random(1));
      double[][] shuffled = scorer.probabilities(order.stream().map(PROMPTS::get).toList());
      for (int i = 0; i < order.size(); i++) {
        assertThat(shuffled[i]).containsExactly(together[order.get(i)], within(1e-4));
        if (i < 30) {
          double[] alone = scorer.probabilities(List.of(PROMPTS.get(i)))[0];
          assertThat(alone).containsExactly(together[i], within(1e-4));
        }
      }
    }
  }

  @Test
  void theMembersOfAnEnsembleDisagreeAndAreAveraged() {
    Checkpoint both = new ParameterFactory(base, LANGUAGE).read(checkpoint);
    double[] first = alone(both, 0);
    double[] second = alone(both, 1);
    assertThat(first[0]).isNotCloseTo(second[0], within(1e-6));
    try (Scorer scorer = Scorer.of(base, LANGUAGE, checkpoint)) {
      double mean = (first[0] + second[0]) / 2;
      assertThat(scorer.probabilities(PROMPTS)[0][0]).isCloseTo(mean, within(1e-5));
    }
  }

  @Test
  void aLabelOfSeveralTokensHasTheProductOfTheirProbabilities() {
    // labels are spelled in bytes where the tokenizer does not know them
    TaskLanguage other =
        Examples.language(
            TaskType.CLASSIFICATION,
            LANGUAGE.task().features(),
            Column.category("same", List.of("maybe", "never")));
    TableEncoder encoder =
        new TableEncoder(BaseVocabulary.standard(), other, base.config().maxPositions(), false);
    Ensemble one = Ensemble.of(1);
    float[] parameters = base.initial(encoder, one, 3);
    try (EmbeddedScorer scorer =
        new EmbeddedScorer(base, LANGUAGE, encoder, one, parameters, null, null)) {
      double[][] scored = scorer.probabilities(PROMPTS.subList(0, 9));
      for (int i = 0; i < scored.length; i++) {
        double no = likelihood(scorer, encoder, PROMPTS.get(i), "no");
        double yes = likelihood(scorer, encoder, PROMPTS.get(i), "yes");
        assertThat(scored[i][0]).isCloseTo(no / (no + yes), within(1e-4));
      }
    }
  }

  /** Token by token, each in a forward pass of its own. */
  private static double likelihood(
      EmbeddedScorer scorer, TableEncoder encoder, Prompt prompt, String label) {
    int[] answer = encoder.answer(label);
    assertThat(answer.length).isEqualTo(label.length());
    int[] whole = Sequence.of(encoder.prompt(prompt), answer, new int[0]).ids();
    double product = 1;
    for (int end = whole.length - answer.length + 1; end <= whole.length; end++) {
      Sequence prefix = new Sequence(Arrays.copyOf(whole, end), Sequence.noGrid(end), 1, false);
      product *= Math.exp(scorer.logProbabilities(new Sequence[] {prefix})[whole[end - 1]]);
    }
    return product;
  }

  @Test
  void manyThreadsGetTheSameAnswers() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Scorer scorer = Scorer.of(base, LANGUAGE, checkpoint)) {
      List<Answer> alone = scorer.score(PROMPTS);
      List<Future<List<Answer>>> running = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        running.add(threads.submit(() -> scorer.score(PROMPTS)));
      }
      for (Future<List<Answer>> future : running) {
        assertThat(future.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theBaseModelAnswersBeforeTheFirstCheckpoint() {
    try (Scorer scorer = Scorer.base(base, LANGUAGE)) {
      assertThat(scorer.score(PROMPTS.subList(0, 3))).hasSize(3);
      assertThat(scorer.score(List.of())).isEmpty();
    }
  }

  @Test
  void aClosedScorerSaysSo() {
    Scorer scorer = Scorer.base(base, LANGUAGE);
    scorer.close();
    scorer.close();
    assertThatThrownBy(() -> scorer.score(PROMPTS)).hasMessage("this scorer is closed");
  }

  /** The first prompt's probabilities by one member alone. */
  private static double[] alone(Checkpoint of, int member) {
    Checkpoint.Provenance whole = of.provenance();
    int size = whole.layout().size();
    float[] own = Arrays.copyOfRange(of.state().parameters(), member * size, (member + 1) * size);
    Checkpoint single =
        Checkpoint.initial(
            own,
            0,
            new Checkpoint.Provenance(
                whole.layout(), Ensemble.of(1), "", whole.base(), whole.language()));
    try (Scorer scorer = Scorer.of(base, LANGUAGE, CheckpointCodec.encode(single))) {
      return scorer.probabilities(PROMPTS)[0];
    }
  }
}
