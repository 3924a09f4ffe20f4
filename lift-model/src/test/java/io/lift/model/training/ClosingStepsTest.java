package io.lift.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClosingStepsTest {

  @Test
  void everyFreshRowIsReadInARoundThatIsCut() {
    int[][][] plans = {new int[40][8], new int[40][8]}; // only row 0 so far
    int[] all = IntStream.range(0, 100).toArray();
    int[] even = IntStream.range(0, 100).filter(row -> row % 2 == 0).toArray();

    ClosingSteps closing = new ClosingSteps(plans, new int[][] {all, even}, 50, 12);
    closing.addTo(plans);

    assertThat(closing.count()).isEqualTo(7); // 49 rows in batches of 8
    assertThat(plans[0].length).isEqualTo(19);
    assertThat(plans[1].length).isEqualTo(19);
    assertThat(IntStream.range(0, 50).boxed())
        .isSubsetOf(Stream.of(plans[0]).flatMapToInt(IntStream::of).boxed().toList());
    assertThat(IntStream.range(0, 25).map(i -> 2 * i).boxed())
        .isSubsetOf(Stream.of(plans[1]).flatMapToInt(IntStream::of).boxed().toList());
  }

  @Test
  void whereEveryFreshRowHasBeenReadAQuarterOfTheStepsIsLeft() {
    int[][][] plans = {new int[40][8]};

    ClosingSteps closing = new ClosingSteps(plans, new int[][] {{0, 1, 2}}, 1, 20);

    assertThat(closing.count()).isEqualTo(5);
  }
}
