package io.lift.bench.paper;

import static io.lift.bench.paper.Marks.line;
import static io.lift.bench.paper.Marks.text;

import java.util.Objects;

/** A table as rows of dots on one axis, the means last. */
final class DotPlot {
  private static final double WIDTH = 900;
  private static final double LEFT = 190;
  private static final double RIGHT = 70;
  private static final double ROW = 26;
  private static final double TOP = 26;

  /** Errors above this stand at the edge of the plot. */
  private static final double MOST_ERROR = 1.2;

  private DotPlot() {}

  static String of(Table table) {
    double height = TOP + ROW * table.rows().size() + 12;
    Axis axis = axis(table);
    StringBuilder svg = new StringBuilder(Marks.legend(table, table.plotted()));
    svg.append("<figure>");
    svg.append(Marks.open(WIDTH, height, table.measure().title() + " of each set"));
    for (double tick : axis.ticks()) {
      svg.append(line(axis.at(tick), TOP - 6, axis.at(tick), height - 8));
      svg.append(text(axis.at(tick), TOP - 10, "middle", "", axis.show(tick)));
    }
    double y = TOP + ROW / 2;
    for (Table.Row row : table.rows()) {
      svg.append(row(table, row, axis, y));
      y += ROW;
    }
    return svg.append("</svg></figure>\n").toString();
  }

  private static String row(Table table, Table.Row row, Axis axis, double y) {
    StringBuilder svg = new StringBuilder(line(LEFT, y, WIDTH - RIGHT, y));
    svg.append(text(LEFT - 14, y + 4, "end", row.mean() ? "strong" : "name", row.title()));
    String last = "";
    // Lift comes first in the table and is drawn last, over the others
    for (int i = table.columns().size() - 1; i >= 0; i--) {
      Estimate figure = row.figures().get(i);
      Table.Column column = table.columns().get(i);
      if (figure == null || !table.plotted().contains(column)) {
        continue;
      }
      double shown = table.measure().shown(figure.mean());
      String value = table.measure().show(figure.mean());
      String title = row.title() + ", " + Marks.title(column) + ": " + value;
      svg.append(Marks.dot(table, column, axis.at(shown), y, title));
      if (!axis.contains(shown)) {
        svg.append(text(axis.at(shown) + 8, y + 4, "start", "", "›"));
      }
      last = column.source() == Table.Source.LIFT && column.variant().isEmpty() ? value : last;
    }
    return svg.append(text(WIDTH - 6, y + 4, "end", "strong", last)).toString();
  }

  private static Axis axis(Table table) {
    var shown =
        table.plotted().stream()
            .map(table.columns()::indexOf)
            .flatMap(column -> table.rows().stream().map(row -> row.figures().get(column)))
            .filter(Objects::nonNull)
            .mapToDouble(figure -> table.measure().shown(figure.mean()))
            .summaryStatistics();
    boolean error = table.measure().better() == Measure.Better.LESS;
    double low = error ? 0 : shown.getMin();
    double high = error ? Math.min(MOST_ERROR, shown.getMax()) : shown.getMax();
    return Axis.around(low, high, LEFT + 8, WIDTH - RIGHT - 8);
  }
}
