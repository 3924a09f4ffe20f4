package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.incontext.InContextPredictor.Context;
import io.lift.model.random.SeededRandom;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InContextPredictorTest {
  private static final int[] CATEGORIES = {0, 0, 3};
  private static final int[] NUMBERS = {0, 0};

  private static InContextPredictor predictor; // the model that ships

  @BeforeAll
  static void open() {
    predictor = new InContextPredictor(TransformerWeights.embedded(), "cpu");
  }

  @AfterAll
  static void close() {
    predictor.close();
  }

  /** Two clouds, and a category that has nothing to do with them. */
  private static LabelledRows clouds(int rows) {
    SeededRandom random = new SeededRandom(4);
    int[][] cells = new int[rows][];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      labels[r] = r % 2;
      int center = labels[r] == 0 ? 30 : 70;
      cells[r] =
          new int[] {
            (int) (center + 8 * random.gaussian()),
            (int) (center + 8 * random.gaussian()),
            (int) (3 * random.uniform())
          };
    }
    return new LabelledRows(CATEGORIES, cells, labels, 2);
  }

  /** A sum of two columns, on a grid of a hundred cells. */
  private static LabelledRows sums(int rows) {
    SeededRandom random = new SeededRandom(6);
    int[][] cells = new int[rows][];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      cells[r] = new int[] {(int) (100 * random.uniform()), (int) (100 * random.uniform())};
      double y = 0.6 * cells[r][0] + 0.3 * cells[r][1] + 5 + 3 * random.gaussian();
      labels[r] = (int) Math.max(0, Math.min(99, Math.round(y)));
    }
    return new LabelledRows(NUMBERS, cells, labels, 100, true);
  }

  private static double[][] answers(LabelledRows rows, int[][] queries) {
    try (Context context = predictor.read(rows, 2, 0)) {
      return context.probabilities(queries);
    }
  }

  @Test
  void whatIsKeptHasTheSameSizeWhileAnotherThreadIsAnswered() throws InterruptedException {
    LabelledRows rows = clouds(60);
    try (Context context = predictor.read(rows, 2, 0)) {
      long size = context.bytes();
      Thread asking =
          new Thread(
              () -> IntStream.range(0, 200).forEach(i -> context.probabilities(rows.cells())));
      asking.start();
      while (asking.isAlive()) {
        assertThat(context.bytes()).isEqualTo(size).isPositive();
      }
      asking.join();
    }
  }

  private static int best(double[] p) {
    return IntStream.range(0, p.length).reduce((a, b) -> p[b] > p[a] ? b : a).orElseThrow();
  }

  private static double right(LabelledRows all, int labelled) {
    int[] first = IntStream.range(0, labelled).toArray();
    int[] others = IntStream.range(labelled, all.size()).toArray();
    double[][] p = answers(all.subset(first), all.subset(others).cells());
    int[] truths = all.subset(others).labels();
    return IntStream.range(0, truths.length).filter(i -> best(p[i]) == truths[i]).count()
        / (double) truths.length;
  }

  @Test
  void evenBeforePretrainingItAnswersAsItsStatisticsDo() {
    TransformerWeights weights = TransformerWeights.initial(TransformerShape.STANDARD, 1);
    try (InContextPredictor initial = new InContextPredictor(weights, "cpu");
        Context labels = initial.read(clouds(40), 1, 0);
        Context numbers = initial.read(sums(60), 2, 0)) {
      double[][] p = labels.probabilities(new int[][] {{30, 30, 1}, {70, 70, 1}});
      assertThat(p[0][0]).isGreaterThan(0.8);
      assertThat(p[1][1]).isGreaterThan(0.8);
      assertThat(median(numbers.probabilities(new int[][] {{80, 20}})[0])).isBetween(54, 64);
    }
  }

  private static int median(double[] cells) {
    double below = 0;
    int cell = 0;
    while (below + cells[cell] < 0.5) {
      below += cells[cell++];
    }
    return cell;
  }

  @Test
  void theModelThatShipsAnswersTablesThatItHasNotSeen() {
    assertThat(right(clouds(300), 20)).isGreaterThan(0.95);
  }

  @Test
  void theCardNamesTheModelThatShips() throws IOException {
    try (InputStream card = TransformerWeights.class.getResourceAsStream("README.md")) {
      assertThat(new String(card.readAllBytes(), StandardCharsets.UTF_8))
          .contains("sha256 `" + TransformerWeights.embedded().hash().substring(0, 8));
    }
  }

  @Test
  void theOrderOfRowsHasNoEffect() {
    LabelledRows rows = clouds(50);
    LabelledRows turned = rows.subset(IntStream.range(0, 50).map(r -> 49 - r).toArray());
    int[][] queries = {{45, 50, 1}, {70, 20, -1}};
    double[][] one = answers(rows, queries);
    double[][] two = answers(turned, queries);
    for (int q = 0; q < 2; q++) {
      assertThat(two[q]).containsExactly(one[q], within(1e-4));
      assertThat(Arrays.stream(one[q]).sum()).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void aNumberHasADistributionAroundIt() {
    LabelledRows all = sums(160);
    int[] first = IntStream.range(0, 60).toArray();
    int[] others = IntStream.range(60, 160).toArray();
    double[][] p = answers(all.subset(first), all.subset(others).cells());
    int[] truths = all.subset(others).labels();
    int near = 0;
    for (int i = 0; i < truths.length; i++) {
      assertThat(Arrays.stream(p[i]).sum()).isCloseTo(1, within(1e-9));
      near += Math.abs(median(p[i]) - truths[i]) <= 8 ? 1 : 0;
    }
    assertThat(near).isGreaterThan(80);
  }

  @Test
  void manyLabelsAreAnsweredInTwoSteps() {
    SeededRandom random = new SeededRandom(8);
    int classes = 26;
    int[][] cells = new int[classes * 12][];
    int[] labels = new int[cells.length];
    for (int r = 0; r < cells.length; r++) {
      labels[r] = r % classes;
      cells[r] =
          new int[] {
            10 + 16 * (labels[r] % 6) + (int) (2 * random.gaussian()),
            10 + 20 * (labels[r] / 6) + (int) (2 * random.gaussian())
          };
    }
    LabelledRows all = new LabelledRows(NUMBERS, cells, labels, classes);
    double[][] p = answers(all, Arrays.copyOf(cells, 20));
    assertThat(p[0]).hasSize(classes);
    int right = 0;
    for (int q = 0; q < 20; q++) {
      assertThat(Arrays.stream(p[q]).sum()).isCloseTo(1, within(1e-6));
      right += best(p[q]) == labels[q] ? 1 : 0;
    }
    assertThat(right).isGreaterThan(10); // one in 26 by chance
  }

  @Test
  void queriesWithRowsOfTheirOwnAreAnsweredAsOneByOne() {
    LabelledRows all = clouds(60);
    LabelledRows one = all.subset(IntStream.range(0, 20).toArray());
    LabelledRows two = all.subset(IntStream.range(20, 40).toArray());
    int[][] queries = {{40, 45, 0}, {60, 52, 2}};
    double[][] together = predictor.probabilities(List.of(one, two), queries, 2, 0);
    assertThat(together[0])
        .containsExactly(answers(one, new int[][] {queries[0]})[0], within(1e-4));
    assertThat(together[1])
        .containsExactly(answers(two, new int[][] {queries[1]})[0], within(1e-4));
  }

  @Test
  void columnsThatSayNothingAndLabelsWithoutRowsAreNoTrap() {
    int[][] same = {{5, 5}, {5, 5}, {5, 5}, {5, 5}};
    double[] p = answers(new LabelledRows(NUMBERS, same, new int[] {0, 0, 0, 1}, 3), same)[0];
    assertThat(p[0]).isGreaterThan(p[1]);
    assertThat(p[2]).isBetween(1e-3, p[1]);
    double[] one =
        answers(new LabelledRows(NUMBERS, new int[][] {{5, -1}}, new int[1], 2), same)[0];
    assertThat(one[0]).isGreaterThan(0.5);
    int[] number = {30, 30, 30, 30};
    double[] y = answers(new LabelledRows(NUMBERS, same, number, 100, true), same)[0];
    assertThat(median(y)).isEqualTo(30);
  }

  @Test
  void tooManyLabelsAreRejected() {
    assertThatThrownBy(() -> new LabelledRows(NUMBERS, new int[1][2], new int[1], 101))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
