package io.lift.bench.paper;

import static io.lift.bench.paper.Marks.escape;

import io.lift.bench.baseline.Baselines;
import java.util.List;

/** Differences with their intervals, as a table of the page. */
final class DifferencesTable {
  private DifferencesTable() {}

  /** Empty if there are none. */
  static String of(List<Difference> differences) {
    if (differences.isEmpty()) {
      return "";
    }
    StringBuilder html =
        new StringBuilder(
            "<details open><summary>Lift minus each baseline, accuracy in points</summary>\n"
                + "<p class=\"soft\">95 % intervals of a paired bootstrap over the test rows of"
                + " each set. Each row is averaged over the runs first. An interval that holds 0"
                + " is noise.</p>\n<div class=\"scroll\"><table><thead><tr><th></th>"
                + "<th>baseline</th><th>difference</th><th>95 % interval</th><th></th></tr>"
                + "</thead>\n<tbody>");
    for (Difference difference : differences) {
      PairedBootstrap.Interval interval = difference.interval();
      html.append(
          Marks.format(
              "<tr><th>%s</th><td>%s</td><td>%+.1f</td><td>%+.1f to %+.1f</td><td>%s</td></tr>%n",
              escape(
                  difference.variant().isEmpty()
                      ? difference.mean()
                      : difference.mean() + ", " + difference.variant()),
              escape(Baselines.named(difference.method(), true).title()),
              100 * interval.difference(),
              100 * interval.low(),
              100 * interval.high(),
              interval.isNoise() ? "noise" : ""));
    }
    return html.append("</tbody></table></div></details>\n").toString();
  }
}
