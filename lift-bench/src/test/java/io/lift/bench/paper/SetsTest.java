package io.lift.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lift.core.task.TaskType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetsTest {
  private static final Path DATA = Path.of("../../shared/data");

  private final Sets sets = new Sets(Path.of("no such directory"));

  @ParameterizedTest
  @CsvSource({
    "circles, 1280, 320, 400, 2",
    "two-circles, 1280, 320, 400, 2",
    "blobs, 1280, 320, 400, 4",
    "moons, 1280, 320, 400, 2",
    "nine-clusters, 1278, 320, 400, 9"
  })
  void aSetOfThePlaneIsSplitAsThePaperSplits(
      String name, int train, int valid, int test, int labels) {
    SetData data = sets.load(name, 0);

    assertThat(data.labels()).hasSize(labels);
    assertThat(data.train()).hasSize(train);
    assertThat(data.valid()).hasSize(valid);
    assertThat(data.test()).hasSize(test);
    assertThat(new HashSet<>(data.train())).doesNotContainAnyElementsOf(data.test());
    assertThat(sets.load(name, 1).test()).isEqualTo(data.test());
    assertThat(sets.load(name, 1).train()).isNotEqualTo(data.train());
  }

  @Test
  void aFunctionIsTestedOnTheAuthorsPointsWithoutNoise() {
    SetData data = sets.load("linear-2", 0);

    // the 501st draw of NumPy's generator seeded with 123, and each test row by the formula
    MersenneTwister random = new MersenneTwister(123);
    for (int i = 0; i < 500; i++) {
      random.nextDouble();
    }
    assertThat(number(data.test().get(0), "x1")).isEqualTo(-10 + 20 * random.nextDouble());
    assertThat(data.train()).hasSize(200);
    assertThat(data.valid()).hasSize(50);
    assertThat(data.test())
        .hasSize(100)
        .allSatisfy(
            row ->
                assertThat(number(row, "y"))
                    .isCloseTo(0.45 * (number(row, "x1") + number(row, "x2")), within(1e-12)));
    assertThat(sets.load("linear-2", 2).test()).isEqualTo(data.test());
  }

  @Test
  void aFunctionCanBeAskedForOutsideItsRange() {
    SetData data = sets.load("cosine-1-outside", 0);

    assertThat(number(data.test().get(0), "x1")).isEqualTo(-20);
    assertThat(number(data.test().get(160), "x1")).isEqualTo(20);
    assertThat(data.train()).isEqualTo(sets.load("cosine-1", 0).train());
  }

  @Test
  void functionsRunFromMinusNineToNine() {
    assertThat(TestFunction.LINEAR.at(10, 10)).isEqualTo(9);
    assertThat(TestFunction.QUADRATIC.at(10)).isEqualTo(9);
    assertThat(TestFunction.EXPONENTIAL.at(-10)).isEqualTo(-9);
    assertThat(TestFunction.COSINE.at(2)).isEqualTo(-9);
    assertThat(TestFunction.L1NORM.at(0)).isEqualTo(-9);
    assertThat(TestFunction.PIECEWISE.at(10)).isEqualTo(9);
    assertThat(TestFunction.PIECEWISE.at(0)).isEqualTo(0);
  }

  @Test
  void aSetWithoutFilesIsNotThere() {
    assertThat(sets.has("iris")).isFalse();
    assertThat(sets.has("moons")).isTrue();
    assertThat(sets.has("sine-1")).isFalse();
  }

  @Test
  void publishedSetsComeWithTheirSplits() {
    assumeTrue(Files.isDirectory(DATA), "skipped: there are no tables at " + DATA);
    Sets published = new Sets(DATA);

    assertThat(published.load("iris", 0).train()).hasSize(96);
    assertThat(published.load("iris", 0).test()).isEqualTo(published.load("iris", 2).test());
    assertThat(published.load("servo", 0).type()).isEqualTo(TaskType.REGRESSION);
    assertThat(published.load("hamster", 0).labels()).containsExactly("above", "below");
  }

  @Test
  void aTenthOfTheLabelsIsWrongAfterACorruption() {
    SetData data = sets.load("moons", 0);

    SetData corrupted = Perturbation.parse("corrupt 0.1").apply(data, 0);

    assertThat(differences(data.train(), corrupted.train())).isEqualTo(128);
    assertThat(corrupted.test()).isEqualTo(data.test());
  }

  @Test
  void fewRowsKeepEveryLabelsShare() {
    SetData few = Perturbation.parse("rows 40").apply(sets.load("blobs", 0), 0);

    assertThat(few.train()).hasSize(40);
    assertThat(few.valid()).hasSize(10);
    for (String label : few.labels()) {
      assertThat(few.train().stream().filter(row -> row.get("label").equals(label))).hasSize(10);
    }
  }

  @Test
  void aRareLabelGetsRarer() {
    SetData thinned = Perturbation.parse("thin 0.1").apply(sets.load("moons", 0), 0);

    assertThat(thinned.train()).hasSize(640 + 64);
    assertThat(thinned.test()).hasSize(400);
  }

  @Test
  void outliersAreAddedToTheTrainingRowsAlone() {
    SetData data = sets.load("linear-1", 0);

    SetData spoilt = Perturbation.parse("outliers 10").apply(data, 0);

    assertThat(spoilt.train()).hasSize(210).containsAll(data.train());
    assertThat(spoilt.test()).isEqualTo(data.test());
  }

  @Test
  void noiseMovesTheTestRowsByPartsOfADeviation() {
    SetData data = sets.load("nine-clusters", 0);

    SetData noisy = Perturbation.parse("noise 0.5").apply(data, 0);

    double squares = 0;
    for (int i = 0; i < 400; i++) {
      double moved = number(noisy.test().get(i), "x1") - number(data.test().get(i), "x1");
      squares += moved * moved / 400;
    }
    assertThat(Math.sqrt(squares)).isCloseTo(0.5 * Math.sqrt(200 / 3.0 + 0.1), within(0.4));
    assertThat(noisy.train()).isEqualTo(data.train());
  }

  private static double number(Map<String, String> row, String column) {
    return Double.parseDouble(row.get(column));
  }

  private static long differences(List<Map<String, String>> one, List<Map<String, String>> other) {
    long differences = 0;
    for (int i = 0; i < one.size(); i++) {
      differences += one.get(i).equals(other.get(i)) ? 0 : 1;
    }
    return differences;
  }

  @Test
  void aSetWithGivenPartsHasTheSameRowsInEachRunInAnotherOrder(@TempDir Path directory)
      throws IOException {
    Path regression = Files.createDirectories(directory.resolve("regression"));
    for (String part : List.of("train", "valid", "test")) {
      Files.writeString(
          regression.resolve("lines." + part + ".csv"), "x,y\n1,2\n2,4\n3,6\n4,8\n5,10\n6,12\n");
    }
    Sets given = new Sets(directory);

    SetData first = given.load("lines", 0);
    SetData second = given.load("lines", 1);

    assertThat(first.train())
        .extracting(row -> row.get("x"))
        .containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(second.train())
        .containsExactlyInAnyOrderElementsOf(first.train())
        .isNotEqualTo(first.train());
    assertThat(second.test()).isEqualTo(first.test());
  }
}
