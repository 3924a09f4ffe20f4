package io.lift.bench.paper;

import static io.lift.bench.paper.Marks.line;
import static io.lift.bench.paper.Marks.text;

import io.lift.cli.eval.AnsweredRow;
import java.util.List;
import java.util.Optional;

/** How often Lift's answers of each confidence are right: one plot for each set, runs together. */
final class ReliabilityPlots {
  private static final double SIZE = 280;
  private static final double LEFT = 38;
  private static final double TOP = 24;
  private static final double BOTTOM = 36;
  private static final double LARGEST = 10; // radius

  private ReliabilityPlots() {}

  static String of(Experiment experiment, CellFiles files) {
    StringBuilder html = new StringBuilder();
    html.append(
        "<p class=\"soft\">Lift, three runs together: a dot for each confidence, as large as the"
                .replace(
                    "three runs", experiment.runs() == 1 ? "one run" : experiment.runs() + " runs")
            + " number of answers; on the line they are as often right as they say.</p>");
    html.append("<div class=\"plots\">");
    for (String set : experiment.sets()) {
      List<AnsweredRow> rows =
          experiment
              .cells(set, experiment.variants().get(0), Experiment.LIFT)
              .map(files::read)
              .flatMap(Optional::stream)
              .flatMap(result -> result.answers().stream())
              .filter(row -> row.answer() != null)
              .toList();
      if (!rows.isEmpty()) {
        html.append(plot(set, Calibration.of(rows), rows.size()));
      }
    }
    return html.append("</div>\n").toString();
  }

  private static String plot(String set, Calibration calibration, int rows) {
    Axis across = new Axis(0, 1, LEFT, SIZE - 8);
    Axis up = new Axis(0, 1, SIZE - BOTTOM, TOP);
    StringBuilder svg = new StringBuilder(Marks.open(SIZE, SIZE, set + ": reliability"));
    svg.append(text(LEFT, 14, "start", "strong", set));
    for (double tick : new double[] {0, 0.5, 1}) {
      svg.append(line(LEFT, up.at(tick), SIZE - 8, up.at(tick)));
      svg.append(text(LEFT - 6, up.at(tick) + 4, "end", "", Marks.format("%.1f", tick)));
      svg.append(
          text(across.at(tick), SIZE - BOTTOM + 15, "middle", "", Marks.format("%.1f", tick)));
    }
    svg.append(line(across.at(0), up.at(0), across.at(1), up.at(1)));
    svg.append(text((LEFT + SIZE - 8) / 2, SIZE - 5, "middle", "", "probability of the answer"));
    for (int bin = 0; bin < calibration.count().length; bin++) {
      int count = calibration.count()[bin];
      if (count > 0) {
        svg.append(
            Marks.format(
                "<circle class=\"dot lift\" fill-opacity=\".7\" cx=\"%.1f\" cy=\"%.1f\""
                    + " r=\"%.1f\"><title>%d answers, mean probability %.2f, right %.2f</title>"
                    + "</circle>%n",
                across.at(calibration.confidence()[bin]),
                up.at(calibration.accuracy()[bin]),
                Math.max(1.5, LARGEST * Math.sqrt((double) count / rows)),
                count,
                calibration.confidence()[bin],
                calibration.accuracy()[bin]));
      }
    }
    return svg.append("</svg>\n").toString();
  }
}
