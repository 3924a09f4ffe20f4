package io.lift.model.incontext.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lift.model.decoder.Softmax;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.encoder.EncoderFiles;
import io.lift.model.encoder.TextEncoder;
import io.lift.model.encoder.TextFeatures;
import io.lift.model.encoder.TextReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TextPredictorTest {
  private static final List<String> FOOD =
      List.of("the soup was cold", "bread with butter", "a glass of wine", "cheese and onions");
  private static final List<String> MONEY =
      List.of("the bank charged interest", "my salary is late", "he owes a dollar", "a tax refund");
  private static TextReader words;
  private static TextReader meanings;
  private static NDManager manager;

  @BeforeAll
  static void open() {
    words = new TextReader(null);
    meanings = new TextReader(TextEncoder.open(EncoderFiles.folder(), "cpu"));
    manager = TorchEngine.load().newBaseManager(TorchEngine.device("cpu"));
  }

  @AfterAll
  static void close() {
    words.close();
    meanings.close();
    manager.close();
  }

  private static TextFeatures[][] rows(TextReader reader, List<String> texts) {
    return reader.read(texts).stream()
        .map(text -> new TextFeatures[] {text})
        .toArray(TextFeatures[][]::new);
  }

  private static LabelMeanings labels() {
    return LabelMeanings.of(meanings, List.of(List.of("food"), List.of("money"))).orElseThrow();
  }

  private static int best(double[] scores) {
    return scores[0] >= scores[1] ? 0 : 1;
  }

  @Test
  void aLabelIsKnownByItsMeaningBeforeAnyRowHasALabel() {
    LabelMeanings labels = labels();
    for (TextFeatures[] row : rows(meanings, FOOD)) {
      assertThat(best(labels.probabilities(row))).isZero();
    }
    for (TextFeatures[] row : rows(meanings, MONEY)) {
      assertThat(best(labels.probabilities(row))).isOne();
    }
    assertThat(LabelMeanings.of(words, List.of(List.of("food")))).isEmpty();
  }

  @Test
  void aFewLabelledRowsDoNotMakeWhatWordsMeanForgotten() {
    List<String> texts = List.of("i like cake", "two apples", "cash only", "pay the bill");
    TextPredictor predictor =
        TextPredictor.ofLabels(rows(meanings, texts), new int[] {0, 0, 1, 1}, 2, labels(), manager);
    double[][] scores = predictor.predict(rows(meanings, FOOD));
    assertThat(Arrays.stream(scores).mapToInt(TextPredictorTest::best)).containsOnly(0);
    scores = predictor.predict(rows(meanings, MONEY));
    assertThat(Arrays.stream(scores).mapToInt(TextPredictorTest::best)).containsOnly(1);
  }

  @Test
  void namesThatMeanNothingAreLearnedByTheirLetters() {
    Random random = new Random(1);
    List<String> texts = new ArrayList<>();
    int[] labels = new int[120];
    for (int r = 0; r < labels.length; r++) {
      labels[r] = r % 2;
      String name = (labels[r] == 0 ? "qux" : "zap") + (char) ('a' + random.nextInt(26));
      texts.add("ticket " + random.nextInt(1000) + " of " + name);
    }
    TextPredictor predictor = TextPredictor.ofLabels(rows(words, texts), labels, 2, null, manager);
    double[][] scores = predictor.predict(rows(words, List.of("ticket 7 of quxx", "zapp, ticket")));
    assertThat(Softmax.of(scores[0])[0]).isGreaterThan(0.9);
    assertThat(Softmax.of(scores[1])[1]).isGreaterThan(0.9);
  }

  @Test
  void leftOutScoresDoNotKnowTheRowsOwnLabel() {
    List<String> texts = IntStream.range(0, 40).mapToObj(r -> "row number " + r * 7919).toList();
    Random random = new Random(2);
    int[] labels = random.ints(40, 0, 2).toArray();
    TextPredictor predictor = TextPredictor.ofLabels(rows(words, texts), labels, 2, null, manager);
    long right =
        IntStream.range(0, 40).filter(r -> best(predictor.leftOut()[r]) == labels[r]).count();
    assertThat(right).isLessThan(30); // a row that knew its own label would always be right
  }

  @Test
  void theOrderOfTheRowsMakesNoDifference() {
    List<String> texts = new ArrayList<>(FOOD);
    texts.addAll(MONEY);
    int[] labels = {0, 0, 0, 0, 1, 1, 1, 1};
    List<String> reversed = new ArrayList<>(texts);
    Collections.reverse(reversed);
    int[] other = {1, 1, 1, 1, 0, 0, 0, 0};
    TextFeatures[][] query = rows(words, List.of("soup and bread"));
    double[] one =
        TextPredictor.ofLabels(rows(words, texts), labels, 2, null, manager).predict(query)[0];
    double[] two =
        TextPredictor.ofLabels(rows(words, reversed), other, 2, null, manager).predict(query)[0];
    assertThat(two).containsExactly(one, within(1e-3));
  }

  @Test
  void numbersAreLearnedToo() {
    List<String> texts = new ArrayList<>();
    double[] numbers = new double[100];
    for (int r = 0; r < numbers.length; r++) {
      boolean dear = r % 2 == 0;
      texts.add((dear ? "a large villa near the sea" : "a small flat") + " in street " + r % 9);
      numbers[r] = dear ? 1 : -1;
    }
    TextPredictor predictor = TextPredictor.ofNumbers(rows(words, texts), numbers, manager);
    double[][] found = predictor.predict(rows(words, List.of("a villa", "one small flat")));
    assertThat(found[0][0]).isGreaterThan(0.4);
    assertThat(found[1][0]).isLessThan(-0.4);
    assertThat(predictor.leftOut()[0][0]).isCloseTo(1, within(0.2));
  }

  @Test
  void aKernelRegressionAgreesWithItsClosedForm() {
    // squared error on a kernel: A = (K + penalty I)^-1 y
    double[] y = {1, -2, 0.5};
    float[] k = {2, 0.5f, 0.1f, 0.5f, 1, 0.2f, 0.1f, 0.2f, 1.5f};
    double penalty = 0.3;
    try (NDManager own = manager.newSubManager()) {
      double[] a =
          KernelFit.solve(
              own,
              own.create(k, new Shape(3, 3)),
              new double[3],
              new Targets(null, 1, y)::loss,
              penalty);
      for (int i = 0; i < 3; i++) {
        double left = penalty * a[i];
        for (int j = 0; j < 3; j++) {
          left += k[3 * i + j] * a[j];
        }
        assertThat(left).isCloseTo(y[i], within(5e-3));
      }
    }
  }
}
