package io.lift.bench.paper;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One table or figure: sets, how they are tried, and what is reported.
 *
 * @param name as commands and files have it
 * @param title of its part of the report
 * @param about what is done and why, a few sentences
 * @param sets in the order of the report, see {@link Sets}
 * @param runs how many runs of each
 * @param methods {@value #LIFT}, or baselines by name
 * @param ways of Lift that stand beside one another, by name: each has options of {@code lift eval}
 *     for all its cells, and columns and lines of its own. None for the one plain way
 * @param variants ways to try each set
 * @param measures what is reported; the first is plotted. None for pictures alone
 * @param view how it is plotted
 * @param axis what a line plot's axis means
 * @param means sets whose figures are averaged, by the mean's name
 * @param quick the sets of a quick run; if there are none, the first of all
 */
record Experiment(
    String name,
    String title,
    String about,
    List<String> sets,
    int runs,
    List<String> methods,
    Map<String, List<String>> ways,
    List<Variant> variants,
    List<Measure> measures,
    View view,
    String axis,
    Map<String, List<String>> means,
    List<String> quick) {
  /** The method that is not a baseline. */
  static final String LIFT = "lift";

  /** Most training rows of a quick run. */
  static final int QUICK_ROWS = 100;

  /** Most optimizer steps of each member in a quick look. */
  static final int QUICK_STEPS = 60;

  /** How an experiment is plotted. */
  enum View {
    /** One line of dots for each set. */
    @JsonProperty("dots")
    DOTS,
    /** One small plot for each set, over the variants. */
    @JsonProperty("lines")
    LINES,
    /** Confidence against accuracy, one small plot for each set. */
    @JsonProperty("reliability")
    RELIABILITY,
    /** The fitted function over its range. */
    @JsonProperty("curves")
    CURVES,
    /** The learned classes as pictures of the plane; no table. */
    @JsonProperty("planes")
    PLANES
  }

  Experiment {
    sets = List.copyOf(sets);
    methods = List.copyOf(methods);
    measures = measures == null ? List.of() : List.copyOf(measures);
    variants =
        variants == null || variants.isEmpty() ? List.of(Variant.PLAIN) : List.copyOf(variants);
    ways = ways == null ? Map.of() : ways;
    means = means == null ? Map.of() : means;
    quick = quick == null ? List.of() : List.copyOf(quick);
    axis = axis == null ? "" : axis;
  }

  /** Whether its sets have labels and not numbers as targets. */
  boolean isClassification() {
    return measures.stream().noneMatch(m -> m == Measure.RAE || m == Measure.RMSE);
  }

  /** All cells, set by set. */
  List<Cell> cells() {
    return sets.stream()
        .flatMap(
            set ->
                variants.stream()
                    .flatMap(variant -> methods.stream().flatMap(m -> cells(set, variant, m))))
        .toList();
  }

  /** The runs of one method on one variant of a set, way by way. */
  Stream<Cell> cells(String set, Variant variant, String method) {
    return waysOf(method).stream().flatMap(way -> cells(set, variant, method, way));
  }

  /**
   * The runs of one way of a method on one variant of a set.
   *
   * @param way one of {@link #waysOf}
   */
  Stream<Cell> cells(String set, Variant variant, String method, String way) {
    List<String> options = new ArrayList<>();
    if (method.equals(LIFT)) {
      options.addAll(ways.getOrDefault(way, List.of()));
      options.addAll(variant.options());
    }
    return Stream.iterate(0, run -> run < runs, run -> run + 1)
        .map(run -> new Cell(set, run, method, variant.changes(), List.copyOf(options)));
  }

  /** The names of a method's ways; the plain one has none. */
  List<String> waysOf(String method) {
    return method.equals(LIFT) && !ways.isEmpty() ? List.copyOf(ways.keySet()) : List.of("");
  }

  /** A quick run: few sets, one run, the first and the last variant, few rows and steps. */
  Experiment quickly() {
    List<Variant> ends =
        variants.size() < 3
            ? variants
            : List.of(variants.get(0), variants.get(variants.size() - 1));
    List<Variant> few =
        ends.stream().map(v -> v.after("few " + QUICK_ROWS, "--max-steps " + QUICK_STEPS)).toList();
    List<String> first = quick.isEmpty() ? sets.subList(0, 1) : quick;
    return new Experiment(
        name, title, about, first, 1, methods, ways, few, measures, view, axis, Map.of(), first);
  }

  /** The same with these sets only. */
  Experiment on(List<String> present) {
    return new Experiment(
        name, title, about, present, runs, methods, ways, variants, measures, view, axis, means,
        quick);
  }
}
