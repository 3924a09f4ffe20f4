package io.lift.bench.paper;

import io.lift.bench.baseline.Baselines;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One measure of one experiment, what was measured here beside what the paper says.
 *
 * @param experiment whose it is
 * @param measure which figure
 * @param columns methods and ways (or variants, if there is but one of these), then the paper's
 *     columns
 * @param rows sets (or sets and variants), then means
 */
record Table(Experiment experiment, Measure measure, List<Column> columns, List<Row> rows) {
  private static final String PAPERS_LIFT = "LIFT/";

  /** Where a column's figures come from. */
  enum Source {
    LIFT,
    BASELINE,
    PAPER
  }

  /**
   * A column.
   *
   * @param title what the reader sees
   * @param source where its figures come from
   * @param method baseline by name, or as the paper calls it
   * @param variant the variant if columns are variants, or the way; empty for a plain method
   */
  record Column(String title, Source source, String method, String variant) {

    /** Whether it is one of the language models of the paper. */
    boolean isPapersLift() {
      return source == Source.PAPER && method.startsWith(PAPERS_LIFT);
    }

    /** Whether it is a baseline as the paper's authors tuned it. */
    boolean isPapersBaseline() {
      return source == Source.PAPER && !method.startsWith(PAPERS_LIFT);
    }
  }

  /**
   * A row.
   *
   * @param title what the reader sees
   * @param set its set; of a mean, the mean's name
   * @param variant the variant if there are rows for each; else empty
   * @param mean whether it is a mean over sets
   * @param figures one for each column; null where there is none
   */
  record Row(String title, String set, String variant, boolean mean, List<Estimate> figures) {}

  static Table of(Experiment experiment, Measure measure, CellFiles files, PaperFigures figures) {
    List<PaperFigures.Line> lines = figures.of(experiment, measure);
    boolean byVariant =
        experiment.methods().size() == 1
            && experiment.ways().isEmpty()
            && experiment.variants().size() > 1;
    List<Column> columns = columns(experiment, byVariant, lines);
    List<Row> rows = new ArrayList<>();
    List<Variant> down = byVariant ? List.of(Variant.PLAIN) : experiment.variants();
    for (String set : experiment.sets()) {
      for (Variant variant : down) {
        List<Estimate> found = new ArrayList<>();
        for (Column column : columns) {
          found.add(
              column.source() == Source.PAPER
                  ? paper(lines, set, byVariant ? column.variant() : variant.name(), column)
                  : measured(experiment, measure, files, set, byVariant, variant, column));
        }
        rows.add(new Row(title(set, variant), set, variant.name(), false, found));
      }
    }
    rows.addAll(means(experiment, rows, down, columns.size()));
    return withoutEmptyParts(new Table(experiment, measure, columns, rows));
  }

  private static String title(String set, Variant variant) {
    return variant.name().isEmpty() ? set : set + ", " + variant.name();
  }

  private static List<Column> columns(
      Experiment experiment, boolean byVariant, List<PaperFigures.Line> lines) {
    Set<Column> columns = new LinkedHashSet<>();
    for (String method : experiment.methods()) {
      Source source = method.equals(Experiment.LIFT) ? Source.LIFT : Source.BASELINE;
      if (byVariant) {
        experiment
            .variants()
            .forEach(v -> columns.add(new Column(v.name(), source, method, v.name())));
      } else {
        for (String way : experiment.waysOf(method)) {
          String title = way.isEmpty() ? title(method, experiment) : way;
          columns.add(new Column(title, source, method, way));
        }
      }
    }
    List<PaperFigures.Line> languageModelsFirst =
        lines.stream()
            .sorted(Comparator.comparing(line -> !line.method().startsWith(PAPERS_LIFT)))
            .toList();
    for (PaperFigures.Line line : languageModelsFirst) {
      String variant = byVariant ? line.variant() : "";
      String title = variant.isEmpty() ? line.method() : line.method() + ", " + variant;
      columns.add(new Column(title, Source.PAPER, line.method(), variant));
    }
    return List.copyOf(columns);
  }

  static String title(String method, Experiment experiment) {
    if (method.equals(Experiment.LIFT)) {
      return "Lift";
    }
    return Baselines.named(method, experiment.isClassification()).title();
  }

  private static Estimate paper(
      List<PaperFigures.Line> lines, String set, String variant, Column column) {
    return lines.stream()
        .filter(line -> line.set().equals(set) && line.variant().equals(variant))
        .filter(line -> line.method().equals(column.method()))
        .map(PaperFigures.Line::value)
        .findFirst()
        .orElse(null);
  }

  private static Estimate measured(
      Experiment experiment,
      Measure measure,
      CellFiles files,
      String set,
      boolean byVariant,
      Variant variant,
      Column column) {
    Variant tried =
        byVariant
            ? experiment.variants().stream()
                .filter(v -> v.name().equals(column.variant()))
                .findFirst()
                .orElseThrow()
            : variant;
    double[] values =
        experiment
            .cells(set, tried, column.method(), byVariant ? "" : column.variant())
            .map(files::scores)
            .flatMap(Optional::stream)
            .map(scores -> scores.values().get(measure))
            .filter(Objects::nonNull)
            .mapToDouble(value -> value)
            .toArray();
    return values.length == 0 ? null : Estimate.of(values);
  }

  /** A column has a mean only if it has a figure for each of the mean's sets. */
  private static List<Row> means(
      Experiment experiment, List<Row> rows, List<Variant> variants, int columns) {
    List<Row> means = new ArrayList<>();
    for (Map.Entry<String, List<String>> mean : experiment.means().entrySet()) {
      for (Variant variant : variants) {
        List<Row> members =
            rows.stream()
                .filter(row -> mean.getValue().contains(row.set()))
                .filter(row -> row.variant().equals(variant.name()))
                .toList();
        List<Estimate> averages = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
          int index = column;
          List<Estimate> figures =
              members.stream()
                  .map(row -> row.figures().get(index))
                  .filter(Objects::nonNull)
                  .toList();
          averages.add(
              figures.size() < mean.getValue().size()
                  ? null
                  : new Estimate(
                      figures.stream().mapToDouble(Estimate::mean).average().orElseThrow(),
                      null,
                      figures.stream().mapToInt(Estimate::runs).min().orElse(0)));
        }
        if (averages.stream().anyMatch(Objects::nonNull)) {
          means.add(
              new Row(
                  title(mean.getKey(), variant), mean.getKey(), variant.name(), true, averages));
        }
      }
    }
    return means;
  }

  private static Table withoutEmptyParts(Table table) {
    Map<Integer, Column> kept = new LinkedHashMap<>();
    for (int column = 0; column < table.columns.size(); column++) {
      int index = column;
      if (table.rows.stream().anyMatch(row -> row.figures().get(index) != null)) {
        kept.put(column, table.columns.get(column));
      }
    }
    List<Row> rows =
        table.rows.stream()
            .filter(row -> row.figures().stream().anyMatch(Objects::nonNull))
            .map(
                row ->
                    new Row(
                        row.title(),
                        row.set(),
                        row.variant(),
                        row.mean(),
                        kept.keySet().stream().map(index -> row.figures().get(index)).toList()))
            .toList();
    return new Table(table.experiment, table.measure, List.copyOf(kept.values()), rows);
  }

  /**
   * The columns that plots show: neither the paper's baselines, which were measured anew, nor its
   * variants, which stand in the table.
   */
  List<Column> plotted() {
    return columns.stream()
        .filter(c -> c.source() != Source.PAPER || c.isPapersLift() && c.variant().isEmpty())
        .toList();
  }

  /** The best figure of a row, in any column; null if the measure knows no better. */
  Double best(Row row) {
    var figures = row.figures().stream().filter(Objects::nonNull).mapToDouble(Estimate::mean);
    return switch (measure.better()) {
      case MORE -> figures.max().stream().boxed().findFirst().orElse(null);
      case LESS -> figures.min().stream().boxed().findFirst().orElse(null);
      case NEITHER -> null;
    };
  }
}
