package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.encoder.TextReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows with texts, here without an encoder: words alone. */
class InContextReaderTest {
  private static final int[] NUMBER = {0};
  private static final String[] WORDS = {"late", "broken", "lost", "kind", "quick", "perfect"};
  private static InContextPredictor predictor;
  private static InContextReader reader;

  @BeforeAll
  static void open() {
    predictor = new InContextPredictor(TransformerWeights.embedded(), "cpu");
    TextReader texts = new TextReader(null);
    reader = new InContextReader(predictor, () -> texts);
  }

  @AfterAll
  static void close() {
    predictor.close();
  }

  /** The label follows from the word in half of the rows, and from the number in the others. */
  private static SupportRows rows(int count, boolean cells, boolean texts, long seed) {
    Random random = new Random(seed);
    int[][] numbers = new int[count][];
    int[] labels = new int[count];
    List<List<String>> words = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      labels[r] = random.nextInt(2);
      boolean told = random.nextBoolean();
      String word = WORDS[told ? 3 * labels[r] + random.nextInt(3) : random.nextInt(6)];
      words.add(List.of("the parcel was " + word + " on day " + random.nextInt(100)));
      int number = told ? 40 + random.nextInt(20) : 80 * labels[r] + random.nextInt(20);
      numbers[r] = cells ? new int[] {number} : new int[0];
    }
    LabelledRows table = new LabelledRows(cells ? NUMBER : new int[0], numbers, labels, 2);
    return new SupportRows(table, texts ? words : null, null);
  }

  private static double accuracy(boolean cells, boolean texts) {
    SupportRows queries = rows(200, cells, texts, 2);
    try (InContextReader.Context context = reader.read(rows(150, cells, texts, 1), 1, 0)) {
      double[][] answers = context.probabilities(queries.contents());
      int right = 0;
      for (int r = 0; r < answers.length; r++) {
        assertThat(answers[r][0] + answers[r][1]).isCloseTo(1, within(1e-6));
        right += (answers[r][1] > 0.5 ? 1 : 0) == queries.table().labels()[r] ? 1 : 0;
      }
      return right / 200.0;
    }
  }

  @Test
  void textsAndNumbersTellMoreTogetherThanEitherAlone() {
    double texts = accuracy(false, true);
    double numbers = accuracy(true, false);
    assertThat(texts).isGreaterThan(0.68);
    assertThat(numbers).isGreaterThan(0.68);
    assertThat(accuracy(true, true)).isGreaterThan(Math.max(texts, numbers) + 0.08);
  }

  @Test
  void aRowThatIsHeldOutDoesNotKnowItsOwnLabel() {
    int[] folds = IntStream.range(0, 30).map(r -> r % 3).toArray();
    for (boolean texts : List.of(true, false)) {
      SupportRows rows = rows(30, true, texts, 3);
      int[] labels = rows.table().labels().clone();
      labels[7] = 1 - labels[7];
      LabelledRows table = new LabelledRows(NUMBER, rows.table().cells(), labels, 2);
      SupportRows other = new SupportRows(table, rows.texts(), null);
      double[] one = reader.heldOut(rows, folds, 2, 0)[7];
      double[] two = reader.heldOut(other, folds, 2, 0)[7];
      assertThat(two).containsExactly(one, within(1e-6));
    }
  }

  @Test
  void aTextThatIsMissingOrNewIsAnswered() {
    List<RowContent> queries =
        List.of(
            new RowContent(new int[] {-1}, List.of("")),
            new RowContent(new int[] {10}, List.of("никогда не видел \ud83d\ude00")));
    try (InContextReader.Context context = reader.read(rows(60, true, true, 4), 1, 0)) {
      double[][] answers = context.probabilities(queries);
      assertThat(answers[0][0]).isBetween(0.05, 0.95);
      assertThat(answers[1][0]).isGreaterThan(0.5); // by its number
    }
  }

  @Test
  void aNumberIsToldByTexts() {
    int[] labels = IntStream.range(0, 100).map(r -> r % 2 == 0 ? 20 + r % 5 : 80 + r % 5).toArray();
    List<List<String>> texts =
        IntStream.range(0, 100)
            .mapToObj(r -> List.of((r % 2 == 0 ? "a small flat " : "a large villa ") + r % 7))
            .toList();
    LabelledRows table = new LabelledRows(new int[0], new int[100][0], labels, 100, true);
    try (InContextReader.Context context = reader.read(new SupportRows(table, texts, null), 1, 0)) {
      double[][] answers =
          context.probabilities(
              List.of(
                  new RowContent(new int[0], List.of("one flat, small")),
                  new RowContent(new int[0], List.of("my villa is large"))));
      assertThat(mean(answers[0])).isBetween(15.0, 40.0);
      assertThat(mean(answers[1])).isBetween(65.0, 90.0);
    }
  }

  private static double mean(double[] cells) {
    return IntStream.range(0, cells.length).mapToDouble(c -> c * cells[c]).sum();
  }

  @Test
  void moreLabelsThanAPassHasSlotsAreToldByTextsAndNumbers() {
    List<List<String>> texts = new ArrayList<>();
    int[] labels = new int[120];
    int[][] cells = new int[120][1];
    for (int r = 0; r < 120; r++) {
      labels[r] = r % 12;
      texts.add(List.of("about topic" + (char) ('a' + labels[r]) + " " + r % 11));
      cells[r][0] = r % 97;
    }
    LabelledRows table = new LabelledRows(NUMBER, cells, labels, 12);
    try (InContextReader.Context context = reader.read(new SupportRows(table, texts, null), 1, 0)) {
      double[] answer =
          context
              .probabilities(List.of(new RowContent(new int[] {3}, List.of("on topice again"))))[0];
      assertThat(answer).hasSize(12);
      assertThat(Arrays.stream(answer).max().orElseThrow()).isEqualTo(answer[4]);
    }
  }
}
