package io.lift.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitsTest {
  private static final Path PAPER = Path.of("../../shared/data/classification/splits.json");

  @TempDir Path folder;

  @Test
  void everyLabelHasItsShareOfTheTestRows() {
    List<String> labels = new ArrayList<>();
    Map<String, Integer> sizes = Map.of("a", 101, "b", 57, "c", 3, "d", 1);
    sizes.forEach((label, size) -> IntStream.range(0, size).forEach(i -> labels.add(label)));

    Splits splits = Splits.stratified(labels, 0.2, 1);

    Map<String, Integer> tested = new HashMap<>();
    for (int row : splits.test()) {
      tested.merge(labels.get(row), 1, Integer::sum);
    }
    sizes.forEach(
        (label, size) ->
            assertThat(Math.abs(tested.getOrDefault(label, 0) - 0.2 * size)).isLessThan(1));
    assertThat(splits.test()).hasSize(32).isSorted();
    assertThat(splits.valid()).isEmpty();
    assertPartition(splits, labels.size());
  }

  @Test
  void theSeedDecides() {
    assertThat(Splits.random(100, 0.2, 1)).isEqualTo(Splits.random(100, 0.2, 1));
    assertThat(Splits.random(100, 0.2, 1)).isNotEqualTo(Splits.random(100, 0.2, 2));
    assertThat(Splits.random(10, 0.2, 3).test()).hasSize(2);
  }

  @Test
  void aFileNamesTestAndValidationRowsAndTheRestIsTrainedOn() throws IOException {
    Path file = write("{'t':{'rows':6,'test':[5,0],'valid':[[1],[2,3]]}}");

    assertThat(Splits.read(file, "t", 1, 6))
        .isEqualTo(new Splits(new int[] {1, 4}, new int[] {2, 3}, new int[] {0, 5}));
  }

  @Test
  void aFileThatDoesNotFitTheTableIsRejected() throws IOException {
    Path file = write("{'t':{'rows':6,'test':[0],'valid':[[1]]},'u':{'test':[6],'valid':[[0]]}}");

    rejects(file, "v", 0, 6, "has no split for 'v'");
    rejects(file, "t", 0, 7, "splits 6 rows of 't', but the table has 7.");
    rejects(file, "t", 1, 6, "has runs 0 to 0 for 't', not 1.");
    rejects(file, "u", 0, 6, "names row 6 of 'u', which has 6 rows.");
    rejects(write("{'t':{'rows':6,'test':[1],'valid':[[1]]}}"), "t", 0, 6, "tests and validates");
  }

  @Test
  void thePapersSplitsLeaveSixtyFourPercentForTraining() throws IOException {
    assumeTrue(Files.exists(PAPER), "skipped: the paper's splits are not at " + PAPER);
    for (int run = 0; run < 3; run++) {
      Splits iris = Splits.read(PAPER, "iris", run, 150);

      assertThat(iris.train()).hasSize(96);
      assertThat(iris.valid()).hasSize(24);
      assertThat(iris.test()).hasSize(30);
      assertPartition(iris, 150);
    }
  }

  private static void assertPartition(Splits splits, int rows) {
    int[] all =
        Stream.of(splits.train(), splits.valid(), splits.test())
            .flatMapToInt(Arrays::stream)
            .sorted()
            .toArray();
    assertThat(all).isEqualTo(IntStream.range(0, rows).toArray());
  }

  private static void rejects(Path file, String set, int run, int rows, String why) {
    assertThatThrownBy(() -> Splits.read(file, set, run, rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("splits.json"), json.replace('\'', '"'));
  }
}
