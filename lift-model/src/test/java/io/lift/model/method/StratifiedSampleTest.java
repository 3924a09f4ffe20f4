package io.lift.model.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedSampleTest {
  @Test
  void fewRowsAreAllChosenNewestFirst() {
    assertThat(StratifiedSample.of(new int[] {0, 1, 0, 1, 1}, 2, 5)).containsExactly(1, 0, 4, 3, 2);
  }

  @Test
  void rowsSortedByTheirLabelAreRepresentedByEachLabelsShare() {
    int[] labels = IntStream.range(0, 3000).map(i -> i < 1200 ? 1 : 0).toArray();

    int[] chosen = StratifiedSample.of(labels, labels.length, 1000);

    assertThat(chosen).hasSize(1000).doesNotHaveDuplicates();
    assertThat(Arrays.stream(chosen).filter(i -> labels[i] == 1)).hasSize(400);
  }

  @Test
  void freshRowsThatAreTooManyAreTakenAtEvenDistances() {
    assertThat(StratifiedSample.of(new int[12], 12, 4)).containsExactly(10, 7, 4, 1);
  }

  @Test
  void ofRehearsedRowsTheNewestAreTakenAfterAllFreshOnes() {
    int[] labels = {0, 0, 1, 0, 0, 0, 1, 1, 0, 1}; // two fresh, then eight in the order of the log

    int[] chosen = StratifiedSample.of(labels, 2, 5);

    assertThat(chosen).containsExactly(1, 0, 9, 8, 7);
  }

  @Test
  void sharesAddUpToWhatIsAskedFor() {
    int[] labels = IntStream.range(0, 997).map(i -> i * i % 7).toArray();
    for (int most : new int[] {1, 10, 100, 996}) {
      assertThat(StratifiedSample.of(labels, 300, most)).hasSize(most).doesNotHaveDuplicates();
    }
  }
}
