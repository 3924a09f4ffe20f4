package io.lift.model.incontext;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * More labels than a pass has slots, in two steps: which group a query's label is in, answered from
 * all rows, and which label of each group, answered from that group's rows.
 */
final class LabelTree implements AutoCloseable {
  private final int[] group; // of each label
  private final int[] place; // of each label in its group
  private final ReadTables root;
  private final ReadTables[] groups; // null where a group has no rows

  /**
   * @param random divides the labels into groups
   * @param read reads rows with few labels
   */
  LabelTree(LabelledRows rows, SeededRandom random, Function<LabelledRows, ReadTables> read) {
    int classes = rows.classes();
    int count = (classes + RowFeatures.LABELS - 1) / RowFeatures.LABELS;
    int[] order = random.permutation(classes);
    this.group = new int[classes];
    this.place = new int[classes];
    int[] sizes = new int[count];
    for (int i = 0; i < classes; i++) {
      group[order[i]] = i % count;
      place[order[i]] = sizes[i % count]++;
    }
    this.root =
        read.apply(
            rows.relabelled(Arrays.stream(rows.labels()).map(k -> group[k]).toArray(), count));
    this.groups = new ReadTables[count];
    for (int g = 0; g < count; g++) {
      int own = g;
      int[] in =
          IntStream.range(0, rows.size()).filter(r -> group[rows.labels()[r]] == own).toArray();
      if (in.length > 0) {
        LabelledRows some = rows.subset(in);
        int[] labels = Arrays.stream(some.labels()).map(k -> place[k]).toArray();
        groups[g] = read.apply(some.relabelled(labels, sizes[g]));
      }
    }
  }

  /** (queries, labels), each row summing to 1. */
  double[][] probabilities(int[][] queries) {
    double[][] ofGroups = root.probabilities(queries);
    double[][] all = new double[queries.length][group.length];
    double[][][] within = new double[groups.length][][];
    for (int g = 0; g < groups.length; g++) {
      within[g] = groups[g] == null ? null : groups[g].probabilities(queries);
    }
    int[] sizes = new int[groups.length];
    Arrays.stream(group).forEach(g -> sizes[g]++);
    for (int q = 0; q < all.length; q++) {
      for (int k = 0; k < group.length; k++) {
        int g = group[k];
        double inside = within[g] == null ? 1.0 / sizes[g] : within[g][q][place[k]];
        all[q][k] = ofGroups[q][g] * inside;
      }
    }
    return all;
  }

  long bytes() {
    return root.bytes()
        + Arrays.stream(groups).filter(Objects::nonNull).mapToLong(ReadTables::bytes).sum();
  }

  @Override
  public void close() {
    root.close();
    for (ReadTables read : groups) {
      if (read != null) {
        read.close();
      }
    }
  }
}
