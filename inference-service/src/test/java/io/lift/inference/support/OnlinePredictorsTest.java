package io.lift.inference.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.messages.Origin;
import io.lift.messages.PromptOffset;
import io.lift.model.LabelledRowReader.LabelledRow;
import io.lift.model.online.OnlineTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OnlinePredictorsTest {
  private static final int[] QUERY = {80, 1};

  private static TaskSupport rows(int count, int otherFrom) {
    TaskSupport support = new TaskSupport("t", "hash", null, 2, true);
    Random random = new Random(7);
    for (int i = 0; i < count; i++) {
      int[] cells = {random.nextInt(100), random.nextInt(3)};
      int label = cells[0] > 60 == i < otherFrom ? 1 : 0;
      LabelledRow row = LabelledRow.of(cells, label);
      support.add(2, new SupportRow("r" + i, new Origin("rows", 0, i, 0), 3L * i, 1, row));
    }
    return support;
  }

  private static OnlinePredictors predictors(TaskSupport support) {
    return new OnlinePredictors(support, Optional.of(new OnlineTable(new int[] {0, 3}, 2)));
  }

  private static Map<String, List<Double>> answers(OnlinePredictors predictors, long position) {
    Map<String, List<Double>> lists = new HashMap<>();
    predictors.answers(position, QUERY).forEach((name, p) -> lists.put(name, List.of(p[0], p[1])));
    return lists;
  }

  @Test
  void eachOfThemLearnsARuleFromRows() {
    assertThat(predictors(rows(600, 600)).answers(1_800, QUERY))
        .containsOnlyKeys("nearest-256", "logistic-0.04", "logistic-0.005", "bayes-1024")
        .allSatisfy((name, p) -> assertThat(p[1]).isGreaterThan(0.7));
  }

  @Test
  void anAnswerIsBasedOnAllRowsBeforeTheRowAndOnNoLaterOne() {
    for (int count : new int[] {9, 64, 130, 500}) {
      long position = 3L * count;
      Map<String, List<Double>> alone = answers(predictors(rows(count, 1_000)), position);
      assertThat(answers(predictors(rows(count + 300, 1_000)), position)).isEqualTo(alone);
      assertThat(answers(predictors(rows(count, 1_000)), position - 3)).isNotEqualTo(alone);
    }
  }

  @Test
  void theOrderInWhichRowsAreAskedForDoesNotMatter() {
    TaskSupport support = rows(700, 350);
    OnlinePredictors asked = predictors(support);
    long[] places = LongStream.range(0, 300).map(i -> 1_000 + (i * 7_919) % 1_000).toArray();
    for (long place : places) {
      assertThat(answers(asked, place)).isEqualTo(answers(predictors(support), place));
    }
  }

  @Test
  void rowsBeforeADriftAreForgottenOnceThereAreEnoughSinceIt() {
    TaskSupport support = rows(700, 600);
    OnlinePredictors predictors = predictors(support);
    double[] before = predictors.answers(2_100, QUERY).get("bayes-1024");
    assertThat(support.shorten(new PromptOffset(2, 1_800))).isTrue();
    double[] after = predictors.answers(2_100, QUERY).get("bayes-1024");
    assertThat(before[1]).isGreaterThan(0.6);
    assertThat(after[1]).isLessThan(0.2);
  }

  @Test
  void fewerThanEightRowsAnswerNobody() {
    assertThat(predictors(rows(7, 7)).answers(100, QUERY)).isEmpty();
    assertThat(predictors(rows(8, 8)).answers(100, QUERY)).hasSize(4);
  }

  @Test
  void aRegressionIsNotLearnedInThisWay() {
    assertThat(new OnlinePredictors(rows(20, 20), Optional.empty()).answers(60, QUERY)).isEmpty();
  }
}
