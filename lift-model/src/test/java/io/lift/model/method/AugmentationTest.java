package io.lift.model.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.PromptCells;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.TaskSpec;
import io.lift.model.Examples;
import io.lift.model.random.SeededRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final TaskLanguage LANGUAGE = Examples.signs();
  private static final Example ONE = row("red", -1, 1, "no@@@");
  private static final Example OTHER = row("blue", 1, 1, "yes@@@");

  @Test
  void aMixtureLiesBetweenItsRowsAndHasOneOfTheirLabels() {
    PromptCells cells = new PromptCells(LANGUAGE.task());
    Augmentation augmentation = augmentation(LANGUAGE, LearningMethod.builder().mixup(1.0).build());
    SeededRandom random = new SeededRandom(1);
    double[] weights = new double[400];
    int second = 0;
    for (int i = 0; i < weights.length; i++) {
      Example mixed = augmentation.mix(ONE, OTHER, random);
      String[] read = cells.read(mixed.prompt());
      weights[i] = (cells.standardised(0, read[0]) + 1) / 2;
      assertThat(cells.standardised(1, read[1])).isCloseTo(1, within(0.04));
      assertThat(read[2]).isIn("red", "blue");
      second += mixed.completion().equals("yes@@@") ? 1 : 0;
    }
    // the weight is uniform, and the label follows it
    assertThat(DoubleStream.of(weights)).allMatch(w -> w > -0.03 && w < 1.03);
    assertThat(DoubleStream.of(weights).average().orElseThrow()).isCloseTo(0.5, within(0.05));
    assertThat(second / 400.0).isCloseTo(0.5, within(0.07));
  }

  @Test
  void theLabelOfAMixtureIsMostOftenThatOfTheNearerRow() {
    PromptCells cells = new PromptCells(LANGUAGE.task());
    Augmentation augmentation = augmentation(LANGUAGE, LearningMethod.builder().mixup(1.0).build());
    SeededRandom random = new SeededRandom(2);
    int near = 0;
    int agreed = 0;
    for (int i = 0; i < 1000; i++) {
      Example mixed = augmentation.mix(ONE, OTHER, random);
      double a = cells.standardised(0, cells.read(mixed.prompt())[0]);
      if (Math.abs(a) > 0.6) {
        near++;
        agreed += (a > 0) == mixed.completion().equals("yes@@@") ? 1 : 0;
      }
    }
    assertThat(agreed / (double) near).isCloseTo(0.9, within(0.05));
  }

  @Test
  void theNumberToPredictIsMixedLikeTheOthers() {
    TaskLanguage line = Examples.line();
    PromptCells cells = new PromptCells(line.task());
    Augmentation augmentation = augmentation(line, LearningMethod.builder().mixup(1.0).build());
    Example low = new Example(line.prompt(new Row(Map.of("a", -1.5, "b", 0.0), null)), "20@@@");
    Example high = new Example(line.prompt(new Row(Map.of("a", 1.5, "b", 0.0), null)), "80@@@");
    SeededRandom random = new SeededRandom(3);
    for (int i = 0; i < 100; i++) {
      Example mixed = augmentation.mix(low, high, random);
      double weight = (cells.standardised(0, cells.read(mixed.prompt())[0]) + 1.5) / 3;
      int target = Integer.parseInt(mixed.completion().replace("@@@", ""));
      assertThat((double) target).isCloseTo(20 + 60 * weight, within(1.5));
    }
  }

  @Test
  void someOfTheRowsAreMixed() {
    Augmentation augmentation = augmentation(LANGUAGE, LearningMethod.builder().mixup(0.3).build());
    SeededRandom random = new SeededRandom(4);
    int mixed = 0;
    for (int i = 0; i < 1000; i++) {
      mixed += augmentation.drawsMixup(random) ? 1 : 0;
    }
    assertThat(mixed).isBetween(250, 350);
    assertThat(augmentation(LANGUAGE, LearningMethod.PLAIN).drawsMixup(random)).isFalse();
  }

  @Test
  void noiseMovesNumbersByDeviationsOfTheirColumnInEveryNotation() {
    for (NumberFormat numbers : new NumberFormat[] {NumberFormat.grid(), NumberFormat.fixed(4)}) {
      TaskSpec task = LANGUAGE.task().toBuilder().numbers(numbers).build();
      TaskLanguage language = new TaskLanguage(task);
      PromptCells cells = new PromptCells(task);
      Prompt prompt = language.prompt(new Row(Map.of("a", 0.0, "b", 0.0, "colour", "red"), null));
      Augmentation augmentation =
          augmentation(language, LearningMethod.builder().noise(0.5).build());
      SeededRandom random = new SeededRandom(5);
      double squares = 0;
      for (int i = 0; i < 1000; i++) {
        String[] read = cells.read(augmentation.augment(prompt, random));
        assertThat(read[2]).isEqualTo("red");
        squares += Math.pow(cells.standardised(0, read[0]), 2);
      }
      assertThat(Math.sqrt(squares / 1000)).isCloseTo(0.5, within(0.04));
    }
  }

  @Test
  void shuffledColumnsKeepTheirNamesAndValues() {
    Augmentation augmentation =
        augmentation(LANGUAGE, LearningMethod.builder().shuffleColumns(true).build());
    SeededRandom random = new SeededRandom(6);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      Prompt moved = augmentation.augment(ONE.prompt(), random);
      seen.add(moved.text());
      assertThat(moved.text()).contains("x1=33", "x2=67", "x3=red", "x4=?");
      assertThat(moved.text().substring(moved.grid()[0], moved.grid()[1])).isIn("33", "67");
    }
    assertThat(seen).hasSize(24); // 4! orders
  }

  @Test
  void whatIsNotUnderstoodIsReadAsItIs() {
    Augmentation augmentation =
        augmentation(
            LANGUAGE, LearningMethod.builder().mixup(1.0).noise(1.0).shuffleColumns(true).build());
    Prompt odd = new Prompt("something else ###", new int[0]);

    assertThat(augmentation.augment(odd, new SeededRandom(1))).isSameAs(odd);
    Example row = new Example(odd, "no@@@");
    assertThat(augmentation.mix(row, OTHER, new SeededRandom(1))).isSameAs(row);
  }

  private static Augmentation augmentation(TaskLanguage language, LearningMethod method) {
    return new Augmentation(language.task(), method);
  }

  private static Example row(String colour, double a, double b, String completion) {
    Map<String, Object> values = Map.of("a", a, "b", b, "colour", colour);
    return new Example(LANGUAGE.prompt(new Row(values, null)), completion);
  }
}
