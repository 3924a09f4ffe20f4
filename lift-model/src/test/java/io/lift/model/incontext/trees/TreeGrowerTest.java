package io.lift.model.incontext.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Splits of tables that are small enough to be counted by hand. */
class TreeGrowerTest {
  private static final boolean[] NUMBER = {false};
  private static final boolean[] CATEGORY = {true};

  private static Bins bins(double[] column, boolean[] kinds) {
    return new Bins(Bins.sorted(new double[][] {column}), kinds, 0);
  }

  private static Tree grow(double[] column, boolean[] kinds, double[] y, int depth, double least) {
    double[] weights = new double[y.length];
    Arrays.fill(weights, 1);
    TreeGrower grower =
        new TreeGrower(
            bins(column, kinds).of(new double[][] {column}),
            kinds,
            new double[][] {y},
            null,
            weights,
            new TreeGrower.Limits(depth, least, 1, 0));
    int[] rows = IntStream.range(0, y.length).toArray();
    return grower.grow(rows, y.length, new SeededRandom(1));
  }

  private static boolean together(Tree tree, double[] column, boolean[] kinds, double a, double b) {
    byte[][] two = bins(column, kinds).of(new double[][] {{a, b}});
    return tree.leaf(two, 0) == tree.leaf(two, 1);
  }

  @Test
  void aSplitIsBetweenTheTwoValuesThatLeaveTheLeastError() {
    double[] x = {1, 2, 3, 4, 5, 6};
    double[] y = {0, 0, 0, 0, 3, 3};
    Tree tree = grow(x, NUMBER, y, 1, 1);
    assertThat(tree.leaves()).isEqualTo(2);
    assertThat(together(tree, x, NUMBER, 1, 4.4)).isTrue();
    assertThat(together(tree, x, NUMBER, 4.6, 6)).isTrue();
    assertThat(together(tree, x, NUMBER, 4.4, 4.6)).isFalse();
  }

  @Test
  void aLeafHasTheLeastWeight() {
    double[] x = {1, 2, 3, 4};
    Tree tree = grow(x, NUMBER, new double[] {9, 0, 0, 0}, 1, 2);
    assertThat(together(tree, x, NUMBER, 1, 2)).isTrue();
    assertThat(together(tree, x, NUMBER, 2, 3)).isFalse();
  }

  @Test
  void rowsThatAreAlikeAreNotSplit() {
    assertThat(grow(new double[] {1, 2, 3}, NUMBER, new double[] {2, 2, 2}, 5, 1).leaves())
        .isEqualTo(1);
    assertThat(grow(new double[] {7, 7, 7}, NUMBER, new double[] {1, 2, 3}, 5, 1).leaves())
        .isEqualTo(1);
  }

  @Test
  void missingNumbersGoToTheSideThatTheyAreLike() {
    double[] x = {1, 2, 3, 4, Double.NaN, Double.NaN};
    Tree high = grow(x, NUMBER, new double[] {0, 0, 5, 5, 5, 5}, 1, 1);
    assertThat(together(high, x, NUMBER, Double.NaN, 4)).isTrue();
    Tree low = grow(x, NUMBER, new double[] {0, 0, 5, 5, 0, 0}, 1, 1);
    assertThat(together(low, x, NUMBER, Double.NaN, 1)).isTrue();
    Tree alone = grow(x, NUMBER, new double[] {0, 0, 0, 0, 5, 5}, 1, 1);
    assertThat(together(alone, x, NUMBER, 1, 4)).isTrue();
    assertThat(together(alone, x, NUMBER, Double.NaN, 4)).isFalse();
  }

  @Test
  void oneCategoryIsSplitFromAllOthersAndUnknownOnesGoWithTheMore() {
    double[] x = {0, 1, 1, 2, 2, 3, 3};
    Tree tree = grow(x, CATEGORY, new double[] {0, 4, 4, 0, 0, 0, 0}, 1, 1);
    assertThat(together(tree, x, CATEGORY, 0, 3)).isTrue();
    assertThat(together(tree, x, CATEGORY, 1, 3)).isFalse();
    assertThat(together(tree, x, CATEGORY, 99, 3)).isTrue();
  }

  @Test
  void manyValuesAreCutIntoBinsOfEqualShares() {
    double[] x = IntStream.range(0, 1000).mapToDouble(i -> i).toArray();
    Bins bins = bins(x, NUMBER);
    int[] counts = new int[Bins.COUNT];
    Arrays.stream(x).forEach(value -> counts[bins.bin(0, value)]++);
    assertThat(counts[0]).isZero();
    assertThat(Arrays.stream(counts).max().orElseThrow()).isLessThan(30);
    assertThat(bins.bin(0, Double.NaN)).isZero();
    assertThat(bins.bin(0, -5)).isEqualTo(1);
    assertThat(bins.bin(0, 5000)).isEqualTo(Bins.COUNT - 1);
  }
}
