package io.lift.it.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Markdown tables of the results that {@code lift bench paper --publish} has written. */
final class ResultTables {
  private static final String MEAN = "mean of the eight sets";
  private static final String LIFT = "lift";
  private static final List<String> FURTHER = List.of("breast-cancer", "german-credit", "car");
  private static final List<String> LANGUAGE_MODELS = List.of("LIFT/GPT-J", "LIFT/GPT-3");

  /** What a table shows of a method. */
  private record Column(String method, String title) {}

  private final JsonNode experiments;

  ResultTables(Path file) throws IOException {
    experiments = new ObjectMapper().readTree(file.toFile()).get("experiments");
  }

  /** Accuracies of the eight sets beside some baselines, with the intervals of the differences. */
  String front() {
    List<Column> columns =
        List.of(
            new Column("linear", "logistic regression"),
            new Column("svm", "SVM"),
            new Column("forest", "forest"),
            new Column("xgboost", "XGBoost"),
            new Column("LIFT/GPT-J", "LIFT/GPT-J (6B)"));
    return accuracies(columns, set -> !FURTHER.contains(set), false);
  }

  /** The same with all baselines, further sets and the time that Lift took. */
  String all() {
    List<Column> columns = baselinesAndLanguageModels("classification");
    return accuracies(columns, set -> true, true);
  }

  /** What the baselines of the classification choose on validation rows. */
  String baselineSettings() {
    StringBuilder list = new StringBuilder();
    for (JsonNode baseline : experiment("classification").get("baselines")) {
      list.append("- ").append(baseline.get("settings").asText()).append('\n');
    }
    return list.toString();
  }

  /** Relative absolute errors of the real sets. */
  String errors() {
    String name = "real-regression";
    return bySet(
        name,
        "test_rows",
        (set, method) ->
            method.equals(LIFT)
                ? withDeviation(name, set, "rae", 1, "%.3f")
                : mean(name, set, method, "rae", 1, "%.3f"));
  }

  /** Accuracy and log loss on texts. */
  String texts() {
    String name = "texts";
    return bySet(
        name,
        "rows",
        (set, method) ->
            mean(name, set, method, "accuracy", 100, "%.1f")
                + ", "
                + mean(name, set, method, "log_loss", 1, "%.2f"));
  }

  /**
   * A line for each set of an experiment, with the methods that have figures there.
   *
   * @param rows the field of a set with its number of rows
   * @param cell by set and method
   */
  private String bySet(String experiment, String rows, BinaryOperator<String> cell) {
    List<Column> columns = baselinesAndLanguageModels(experiment);
    columns.removeIf(column -> figuresOf(experiment, column.method()).findAny().isEmpty());
    String first = "set | " + rows.replace('_', ' ') + " | **Lift**";
    StringBuilder table = head(first, columns, " | seconds");
    for (JsonNode set : experiment(experiment).get("sets")) {
      String title = set.get("name").asText();
      table.append(String.format(Locale.ROOT, "| %s | %,d | ", title, set.get(rows).asInt()));
      table.append(cell.apply(title, LIFT));
      columns.forEach(c -> table.append(" | ").append(cell.apply(title, c.method())));
      table.append(" | ").append(seconds(set)).append(" |\n");
    }
    return table.toString();
  }

  private String accuracies(List<Column> columns, Predicate<String> shown, boolean seconds) {
    String name = "classification";
    StringBuilder table = head("set | rows | **Lift**", columns, seconds ? " | seconds" : "");
    List<String> eight = new ArrayList<>();
    List<String> further = new ArrayList<>();
    for (JsonNode set : experiment(name).get("sets")) {
      String title = set.get("name").asText();
      boolean isFurther = FURTHER.contains(title);
      if (!shown.test(title) || isPlane(title)) {
        continue;
      }
      StringBuilder row = new StringBuilder();
      row.append(String.format(Locale.ROOT, "| %s | %,d | ", title, set.get("rows").asInt()));
      row.append(withDeviation(name, title, "accuracy", 100, "%.1f"));
      columns.forEach(
          c -> row.append(" | ").append(mean(name, title, c.method(), "accuracy", 100, "%.1f")));
      row.append(seconds ? " | " + seconds(set) : "").append(" |\n");
      (isFurther ? further : eight).add(row.toString());
    }
    eight.forEach(table::append);
    String last = seconds ? " | |\n" : " |\n";
    table.append("| **mean** | | ").append(mean(name, MEAN, LIFT, "accuracy", 100, "%.1f"));
    columns.forEach(
        c -> table.append(" | ").append(mean(name, MEAN, c.method(), "accuracy", 100, "%.1f")));
    table.append(last).append("| **Lift minus it** | | ");
    columns.forEach(c -> table.append(" | ").append(difference(name, c.method())));
    table.append(last);
    further.forEach(table::append);
    return table.toString();
  }

  private static boolean isPlane(String set) {
    return List.of("circles", "two-circles", "blobs", "moons", "nine-clusters").contains(set);
  }

  private static StringBuilder head(String first, List<Column> columns, String last) {
    StringBuilder table = new StringBuilder("| ").append(first);
    columns.forEach(column -> table.append(" | ").append(column.title()));
    int count = columns.size() + 3 + (last.isEmpty() ? 0 : 1);
    return table.append(last).append(" |\n").append("|---".repeat(count)).append("|\n");
  }

  private List<Column> baselinesAndLanguageModels(String experiment) {
    List<Column> columns = new ArrayList<>();
    for (JsonNode baseline : experiment(experiment).get("baselines")) {
      columns.add(new Column(baseline.get("name").asText(), baseline.get("title").asText()));
    }
    LANGUAGE_MODELS.forEach(model -> columns.add(new Column(model, model)));
    return columns;
  }

  /** The mean, with its deviation if there were several runs. */
  private String withDeviation(
      String experiment, String set, String measure, double scale, String format) {
    JsonNode figure = figure(experiment, set, LIFT, measure).orElseThrow();
    String mean = String.format(Locale.ROOT, format, scale * figure.get("mean").asDouble());
    return figure.has("deviation")
        ? mean
            + " ± "
            + String.format(Locale.ROOT, format, scale * figure.get("deviation").asDouble())
        : mean;
  }

  /** Empty if there is none. */
  private String mean(
      String experiment, String set, String method, String measure, double scale, String format) {
    return figure(experiment, set, method, measure)
        .map(f -> String.format(Locale.ROOT, format, scale * f.get("mean").asDouble()))
        .orElse("");
  }

  private String difference(String experiment, String method) {
    return elements(experiment(experiment).get("differences"))
        .filter(d -> d.get("baseline").asText().equals(method))
        .filter(d -> d.get("mean").asText().equals(MEAN))
        .map(
            d ->
                String.format(
                    Locale.ROOT,
                    "%+.1f (%+.1f to %+.1f)",
                    100 * d.get("difference").asDouble(),
                    100 * d.get("low").asDouble(),
                    100 * d.get("high").asDouble()))
        .findFirst()
        .orElse("");
  }

  private static String seconds(JsonNode set) {
    return String.format(Locale.ROOT, "%.0f", set.get("seconds").asDouble());
  }

  private Optional<JsonNode> figure(String experiment, String set, String method, String measure) {
    return figuresOf(experiment, method)
        .filter(figure -> figure.get("set").asText().equals(set))
        .filter(figure -> figure.get("measure").asText().equals(measure))
        .findFirst();
  }

  private Stream<JsonNode> figuresOf(String experiment, String method) {
    return elements(experiment(experiment).get("figures"))
        .filter(figure -> figure.get("method").asText().equals(method));
  }

  private JsonNode experiment(String name) {
    return elements(experiments)
        .filter(experiment -> experiment.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
