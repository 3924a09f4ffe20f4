package io.lift.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GridHistogramTest {
  private static final int FIRST = 300; // token of the column's position 0
  private static final int ANSWER = 7;

  @Test
  void theZeroOfAnAmountThatManyDoNotHaveIsASpike() {
    assertThat(spikes(rows(200, i -> i % 4 == 0 ? 40 : 40 + i % 50))).containsExactly(FIRST + 40);
  }

  @Test
  void aFrequentPositionBetweenFrequentNeighboursIsNoSpike() {
    assertThat(spikes(rows(300, i -> i % 3 == 0 ? 40 : i % 3 == 1 ? 42 : 30 + i % 40))).isEmpty();
  }

  @Test
  void theStepsOfFewIntegersAreNoSpikes() {
    assertThat(spikes(rows(300, i -> 10 * (i % 10)))).isEmpty();
  }

  @Test
  void fewRowsThatCoincideByChanceAreNoSpike() {
    assertThat(spikes(rows(60, i -> i < 19 ? 40 : 30 + i))).isEmpty();
  }

  @Test
  void noiseMovesNothingFromASpikeNorOntoOne() {
    NoiseAugmentation noise = new NoiseAugmentation(2, 0, Set.of(), Set.of(FIRST + 40));
    SeededRandom random = new SeededRandom(1, 2);
    for (int i = 0; i < 500; i++) {
      int position = 35 + i % 10;
      int moved = noise.apply(row(position), random).ids()[0] - FIRST;
      assertThat(moved == 40).isEqualTo(position == 40);
    }
  }

  @Test
  void anAnswerIsNoSpike() {
    Sequence[] answers =
        Arrays.stream(rows(200, i -> i % 4 == 0 ? 40 : 40 + i % 50))
            .map(row -> new int[] {ANSWER, row.ids()[0]})
            .map(ids -> new Sequence(ids, new int[] {Sequence.NO_GRID, FIRST}, 1, false))
            .toArray(Sequence[]::new);
    assertThat(spikes(answers)).isEmpty();
    assertThat(new GridHistogram(answers).columns()).isEmpty();
  }

  private static Set<Integer> spikes(Sequence[] rows) {
    return new GridHistogram(rows).spikes();
  }

  private static Sequence[] rows(int count, IntUnaryOperator position) {
    return IntStream.range(0, count)
        .mapToObj(i -> row(position.applyAsInt(i)))
        .toArray(Sequence[]::new);
  }

  private static Sequence row(int position) {
    return new Sequence(
        new int[] {FIRST + position, ANSWER}, new int[] {FIRST, Sequence.NO_GRID}, 1, false);
  }
}
