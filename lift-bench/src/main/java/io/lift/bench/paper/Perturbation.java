package io.lift.bench.paper;

import io.lift.core.row.NumberParser;
import io.lift.core.table.Splits;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What is done to a set before a method sees it, written as a word and a number:
 *
 * <ul>
 *   <li>{@code rows 50}: only 50 training rows are kept, every label with its share, and a quarter
 *       as many (at least ten) validation rows;
 *   <li>{@code few 100}: for a quick look, at most 100 training rows, half as many validation rows
 *       and twice as many test rows;
 *   <li>{@code corrupt 0.1}: a tenth of the training and validation labels become another label;
 *   <li>{@code outliers 10}: ten more training rows, their coordinates uniform on ±10, their
 *       targets the size of a Gaussian of deviation 20 (the paper's);
 *   <li>{@code thin 0.1}: only a tenth of the training and validation rows of the rarest label;
 *   <li>{@code noise 0.5}: Gaussian noise of half of each number column's deviation on the test
 *       rows;
 *   <li>{@code grid 60}: the test rows are a grid of 60 by 60 points over the plane of the training
 *       rows; their labels mean nothing.
 * </ul>
 *
 * @param word which
 * @param amount how much
 */
record Perturbation(String word, double amount) {
  private static final double OUTLIER = 20;
  private static final int LEAST_VALID = 10;

  /**
   * @throws IllegalArgumentException if it is none of the above
   */
  static Perturbation parse(String text) {
    String[] parts = text.split(" ");
    List<String> words = List.of("rows", "few", "corrupt", "outliers", "thin", "noise", "grid");
    if (parts.length != 2 || !words.contains(parts[0])) {
      throw new IllegalArgumentException(
          "'" + text + "' is no change; one is a number behind " + String.join(", ", words));
    }
    return new Perturbation(parts[0], Double.parseDouble(parts[1]));
  }

  /** Whether what is learned stays the same. */
  boolean isOfTestRows() {
    return word.equals("noise") || word.equals("grid");
  }

  /** The changed set; the same seed gives the same. */
  SetData apply(SetData data, long seed) {
    Random random = new Random(seed);
    return switch (word) {
      case "rows" -> keepTrain(data, Math.max(LEAST_VALID, (int) amount / 4), seed);
      case "few" ->
          keepTrain(data, (int) amount / 2, seed)
              .withTest(keep(data, data.test(), (int) (2 * amount), seed));
      case "corrupt" ->
          data.withTrain(corrupt(data, data.train(), random))
              .withValid(corrupt(data, data.valid(), random));
      case "outliers" -> data.withTrain(withOutliers(data, random));
      case "thin" ->
          data.withTrain(thin(data, data.train(), random))
              .withValid(thin(data, data.valid(), random));
      case "noise" -> data.withTest(noisy(data, random));
      case "grid" -> data.withTest(grid(data));
      default -> throw new IllegalStateException(word);
    };
  }

  private SetData keepTrain(SetData data, int valid, long seed) {
    return data.withTrain(keep(data, data.train(), (int) amount, seed))
        .withValid(keep(data, data.valid(), valid, seed));
  }

  private static List<Map<String, String>> keep(
      SetData data, List<Map<String, String>> rows, int count, long seed) {
    if (rows.size() <= count) {
      return rows;
    }
    boolean numbers = data.type() == TaskType.REGRESSION;
    List<String> strata = rows.stream().map(row -> numbers ? "" : row.get(data.target())).toList();
    int[] kept = Splits.stratified(strata, (double) count / rows.size(), seed).test();
    return Arrays.stream(kept).mapToObj(rows::get).toList();
  }

  private List<Map<String, String>> corrupt(
      SetData data, List<Map<String, String>> rows, Random random) {
    List<String> labels = data.labels();
    List<Map<String, String>> corrupted = new ArrayList<>(rows);
    List<Integer> order = shuffled(rows.size(), random);
    for (int row : order.subList(0, (int) Math.round(amount * rows.size()))) {
      Map<String, String> copy = new LinkedHashMap<>(rows.get(row));
      int truth = labels.indexOf(copy.get(data.target()));
      int wrong = (truth + 1 + random.nextInt(labels.size() - 1)) % labels.size();
      copy.put(data.target(), labels.get(wrong));
      corrupted.set(row, copy);
    }
    return corrupted;
  }

  private List<Map<String, String>> withOutliers(SetData data, Random random) {
    List<Map<String, String>> rows = new ArrayList<>(data.train());
    for (int i = 0; i < amount; i++) {
      Map<String, String> row = new LinkedHashMap<>();
      for (String column : rows.get(0).keySet()) {
        double x = FunctionSets.RANGE * (2 * random.nextDouble() - 1);
        row.put(column, Double.toString(x));
      }
      row.put(data.target(), Double.toString(Math.abs(OUTLIER * random.nextGaussian())));
      rows.add(row);
    }
    Collections.shuffle(rows, random);
    return rows;
  }

  private List<Map<String, String>> thin(
      SetData data, List<Map<String, String>> rows, Random random) {
    String rarest = rarest(data);
    List<Map<String, String>> kept = new ArrayList<>();
    List<Map<String, String>> few = new ArrayList<>();
    rows.forEach(row -> (row.get(data.target()).equals(rarest) ? few : kept).add(row));
    Collections.shuffle(few, random);
    kept.addAll(few.subList(0, Math.min(few.size(), (int) Math.ceil(amount * few.size()))));
    Collections.shuffle(kept, random);
    return kept;
  }

  /** The label with the fewest training rows. */
  static String rarest(SetData data) {
    return data.train().stream()
        .collect(Collectors.groupingBy(row -> row.get(data.target()), Collectors.counting()))
        .entrySet()
        .stream()
        .min(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .orElseThrow()
        .getKey();
  }

  private List<Map<String, String>> noisy(SetData data, Random random) {
    Map<String, Double> deviations = new LinkedHashMap<>();
    for (String column : data.train().get(0).keySet()) {
      if (!column.equals(data.target())) {
        deviation(data.train(), column).ifPresent(d -> deviations.put(column, d));
      }
    }
    List<Map<String, String>> noisy = new ArrayList<>();
    for (Map<String, String> row : data.test()) {
      Map<String, String> copy = new LinkedHashMap<>(row);
      deviations.forEach(
          (column, deviation) -> {
            Double number = NumberParser.parse(row.get(column));
            if (number != null) {
              double moved = number + amount * deviation * random.nextGaussian();
              copy.put(column, Double.toString(moved));
            }
          });
      noisy.add(copy);
    }
    return noisy;
  }

  /** Empty for a column of words. */
  private static OptionalDouble deviation(List<Map<String, String>> rows, String column) {
    List<String> texts =
        rows.stream().map(row -> row.get(column)).filter(text -> !text.isBlank()).toList();
    List<Double> numbers =
        texts.stream().map(NumberParser::parse).filter(Objects::nonNull).toList();
    if (numbers.isEmpty() || numbers.size() < texts.size()) {
      return OptionalDouble.empty();
    }
    double mean = numbers.stream().mapToDouble(n -> n).average().orElseThrow();
    double squares = numbers.stream().mapToDouble(n -> (n - mean) * (n - mean)).sum();
    return OptionalDouble.of(Math.sqrt(squares / numbers.size()));
  }

  private List<Map<String, String>> grid(SetData data) {
    Plane plane = Plane.of(data);
    int side = (int) amount;
    List<Map<String, String>> rows = new ArrayList<>();
    for (int j = 0; j < side; j++) {
      for (int i = 0; i < side; i++) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put(plane.columnX(), Double.toString(plane.x((i + 0.5) / side)));
        row.put(plane.columnY(), Double.toString(plane.y((j + 0.5) / side)));
        row.put(data.target(), data.labels().get(0));
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<Integer> shuffled(int count, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    return order;
  }
}
