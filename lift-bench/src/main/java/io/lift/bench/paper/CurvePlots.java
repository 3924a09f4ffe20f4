package io.lift.bench.paper;

import static io.lift.bench.paper.Marks.line;
import static io.lift.bench.paper.Marks.text;

import io.lift.cli.eval.AnsweredRow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What methods have learned of a function of one column, beside the function. */
final class CurvePlots {
  private static final double WIDTH = 340;
  private static final double HEIGHT = 230;
  private static final double LEFT = 36;
  private static final double RIGHT = 8;
  private static final double TOP = 24;
  private static final double BOTTOM = 24;

  private CurvePlots() {}

  /**
   * @param table whose legend is drawn
   */
  static String of(Table table, CellFiles files, Sets sets) {
    Experiment experiment = table.experiment();
    StringBuilder html = new StringBuilder(Marks.legend(table, table.columns()));
    html.append("<div class=\"plots\">");
    for (String set : experiment.sets()) {
      html.append(plot(experiment, set, files, sets));
    }
    return html.append("</div>\n").toString();
  }

  private static String plot(Experiment experiment, String set, CellFiles files, Sets sets) {
    Variant variant = experiment.variants().get(0);
    List<Cell> cells =
        experiment.methods().stream().flatMap(m -> experiment.cells(set, variant, m)).toList();
    SetData data = cells.get(0).data(sets);
    double[] truths =
        data.test().stream().mapToDouble(r -> Double.parseDouble(r.get(data.target()))).toArray();
    var spread = Arrays.stream(truths).summaryStatistics();
    double end = 2 * FunctionSets.RANGE;
    Axis across = new Axis(-end, end, LEFT, WIDTH - RIGHT);
    Axis up = Axis.around(spread.getMin(), spread.getMax(), HEIGHT - BOTTOM, TOP);
    StringBuilder svg = new StringBuilder(Marks.open(WIDTH, HEIGHT, set));
    svg.append(
        Marks.format(
            "<rect class=\"wash\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>%n",
            across.at(-FunctionSets.RANGE),
            TOP,
            across.at(FunctionSets.RANGE) - across.at(-FunctionSets.RANGE),
            HEIGHT - BOTTOM - TOP));
    svg.append(text(LEFT, 14, "start", "strong", set.replaceAll("-1-outside$", "")));
    for (double tick : up.ticks()) {
      svg.append(line(LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick)));
      svg.append(text(LEFT - 6, up.at(tick) + 4, "end", "", up.show(tick)));
    }
    for (double tick : across.ticks()) {
      svg.append(text(across.at(tick), HEIGHT - 6, "middle", "", across.show(tick)));
    }
    svg.append(path("truth", data.test(), truths, across, up));
    for (int i = cells.size() - 1; i >= 0; i--) {
      Optional<CellResult> result = files.read(cells.get(i));
      if (result.isPresent()) {
        double[] values = result.get().answers().stream().mapToDouble(CurvePlots::value).toArray();
        svg.append(path("path " + cells.get(i).method(), data.test(), values, across, up));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static double value(AnsweredRow row) {
    return row.answer() == null ? Double.NaN : row.answer().value();
  }

  private static String path(
      String kind, List<Map<String, String>> rows, double[] values, Axis across, Axis up) {
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < values.length; i++) {
      boolean drawn = Double.isFinite(values[i]);
      if (drawn) {
        double x = Double.parseDouble(rows.get(i).get("x1"));
        path.append(Marks.format("%s%.1f %.1f", pen ? "L" : "M", across.at(x), up.at(values[i])));
      }
      pen = drawn;
    }
    return Marks.format("<path class=\"%s\" d=\"%s\"/>%n", kind, path);
  }
}
