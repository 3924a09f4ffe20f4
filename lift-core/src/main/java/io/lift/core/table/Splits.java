package io.lift.core.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A split of a table into training, validation and test rows.
 *
 * @param train row numbers from 0, ascending
 * @param valid row numbers from 0, ascending; none of them in train
 * @param test row numbers from 0, ascending; none of them in train or valid
 */
public record Splits(int[] train, int[] valid, int[] test) {

  /**
   * A stratified random split: every label has its share of the test rows, to within one row. The
   * same seed always gives the same split.
   *
   * @param labels the label of each row
   * @param testShare share of the test rows, 0..1
   */
  public static Splits stratified(List<String> labels, double testShare, long seed) {
    Map<String, List<Integer>> strata = new TreeMap<>();
    for (int row = 0; row < labels.size(); row++) {
      strata.computeIfAbsent(labels.get(row), label -> new ArrayList<>()).add(row);
    }
    Random random = new Random(seed);
    BitSet test = new BitSet();
    // rounding the sum that is still due, not each label alone, keeps the total right too
    double due = 0;
    for (List<Integer> rows : strata.values()) {
      Collections.shuffle(rows, random);
      due += rows.size() * testShare;
      int taken = (int) Math.min(rows.size(), Math.max(0, Math.round(due)));
      due -= taken;
      rows.subList(0, taken).forEach(test::set);
    }
    return of(labels.size(), new BitSet(), test);
  }

  /** A random split of rows without labels. */
  public static Splits random(int rows, double testShare, long seed) {
    return stratified(Collections.nCopies(rows, ""), testShare, seed);
  }

  /**
   * Reads a split from a JSON file of the form {@code {"iris": {"rows": 150, "test": [3, …],
   * "valid": [[1, …], …]}, …}}: one test set for all runs and one validation set per run. All other
   * rows are training rows.
   *
   * @param set name of the table in the file
   * @param run number of the run, from 0
   * @param rows number of rows of the table, which must match the file
   * @throws IllegalArgumentException if the file has no such split or does not fit the table
   */
  public static Splits read(Path file, String set, int run, int rows) throws IOException {
    JsonNode split = new JsonMapper().readTree(file.toFile()).path(set);
    if (!split.isObject()) {
      throw new IllegalArgumentException(file + " has no split for '" + set + "'.");
    }
    int expected = split.path("rows").asInt(rows);
    if (expected != rows) {
      throw new IllegalArgumentException(
          file + " splits " + expected + " rows of '" + set + "', but the table has " + rows + ".");
    }
    JsonNode runs = split.path("valid");
    if (run < 0 || run >= runs.size()) {
      throw new IllegalArgumentException(
          file + " has runs 0 to " + (runs.size() - 1) + " for '" + set + "', not " + run + ".");
    }
    BitSet valid = rowSet(runs.get(run), rows, file, set);
    BitSet test = rowSet(split.path("test"), rows, file, set);
    if (valid.intersects(test)) {
      throw new IllegalArgumentException(
          file + " tests and validates on the same row of '" + set + "'.");
    }
    return of(rows, valid, test);
  }

  private static BitSet rowSet(JsonNode numbers, int rows, Path file, String set) {
    BitSet found = new BitSet();
    for (JsonNode number : numbers) {
      if (!number.isInt() || number.asInt() < 0 || number.asInt() >= rows) {
        throw new IllegalArgumentException(
            file + " names row " + number + " of '" + set + "', which has " + rows + " rows.");
      }
      found.set(number.asInt());
    }
    return found;
  }

  private static Splits of(int rows, BitSet valid, BitSet test) {
    int[] train =
        IntStream.range(0, rows).filter(row -> !valid.get(row) && !test.get(row)).toArray();
    return new Splits(train, valid.stream().toArray(), test.stream().toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Splits that
        && Arrays.equals(train, that.train)
        && Arrays.equals(valid, that.valid)
        && Arrays.equals(test, that.test);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(train) + Arrays.hashCode(valid)) + Arrays.hashCode(test);
  }
}
