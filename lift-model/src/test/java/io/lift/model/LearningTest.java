package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LearningTest {
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
  void itLearnsAnExclusiveOr() {
    List<Examples.Case> tests = Examples.signs(200, 12);
    List<Answer> answers = learn(Examples.signs(), Examples.signs(300, 11), tests);
    int right = 0;
    for (int i = 0; i < tests.size(); i++) {
      right += answers.get(i).label().equals(tests.get(i).target()) ? 1 : 0;
    }
    assertThat(right / 200.0).isGreaterThan(0.9);
  }

  @Test
  void itLearnsALine() {
    List<Examples.Case> tests = Examples.line(200, 14);
    List<Answer> answers = learn(Examples.line(), Examples.line(300, 13), tests);
    double mean = tests.stream().mapToDouble(c -> (double) c.target()).average().orElseThrow();
    double error = 0;
    double spread = 0;
    int inside = 0;
    for (int i = 0; i < tests.size(); i++) {
      double truth = (double) tests.get(i).target();
      Answer answer = answers.get(i);
      error += Math.abs(answer.value() - truth);
      spread += Math.abs(mean - truth);
      inside += truth >= answer.interval().lower() && truth <= answer.interval().upper() ? 1 : 0;
    }
    assertThat(error / spread).isLessThan(0.25);
    assertThat(inside / 200.0).isGreaterThan(0.7);
  }

  private static List<Answer> learn(
      TaskLanguage language, List<Examples.Case> train, List<Examples.Case> test) {
    TrainingPolicy policy =
        TrainingPolicy.builder().epochs(40.0).maxSteps(400).members(1).seed(1L).build();
    byte[] checkpoint;
    try (FineTuning tuning = FineTuning.start(base, language, policy)) {
      tuning.round(Examples.examples(train), List.of(), (step, steps, loss) -> true);
      checkpoint = tuning.checkpoint();
    }
    try (Scorer scorer = Scorer.of(base, language, checkpoint)) {
      return scorer.score(Examples.prompts(test));
    }
  }
}
