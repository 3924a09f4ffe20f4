package io.lift.bench.paper;

import static io.lift.bench.paper.Marks.line;
import static io.lift.bench.paper.Marks.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A table over its variants: one small plot for each set and for each mean. */
final class LinePlots {
  private static final double WIDTH = 320;
  private static final double HEIGHT = 220;
  private static final double LEFT = 44;
  private static final double RIGHT = 12;
  private static final double TOP = 24;
  private static final double BOTTOM = 42;
  private static final double MOST_ERROR = 1.2;

  private LinePlots() {}

  static String of(Table table) {
    StringBuilder html = new StringBuilder(Marks.legend(table, table.plotted()));
    html.append("<div class=\"plots\">");
    List<String> sets = table.rows().stream().map(Table.Row::set).distinct().toList();
    for (String set : sets) {
      html.append(plot(table, set));
    }
    return html.append("</div>\n").toString();
  }

  private static String plot(Table table, String set) {
    List<Variant> variants = table.experiment().variants();
    List<Table.Row> rows = new ArrayList<>(); // one for each variant, or null
    for (Variant variant : variants) {
      rows.add(
          table.rows().stream()
              .filter(row -> row.set().equals(set) && row.variant().equals(variant.name()))
              .findFirst()
              .orElse(null));
    }
    Axis up = up(table, rows);
    Axis across = new Axis(0, Math.max(1, variants.size() - 1), LEFT + 10, WIDTH - RIGHT - 10);
    StringBuilder svg = new StringBuilder(Marks.open(WIDTH, HEIGHT, set));
    svg.append(text(LEFT, 14, "start", "strong", set));
    for (double tick : up.ticks()) {
      svg.append(line(LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick)));
      svg.append(text(LEFT - 6, up.at(tick) + 4, "end", "", up.show(tick)));
    }
    for (int i = 0; i < variants.size(); i++) {
      String label = at(variants.get(i));
      svg.append(text(across.at(i), HEIGHT - BOTTOM + 16, "middle", "", label));
    }
    svg.append(
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "middle", "", table.experiment().axis()));
    for (int column = table.columns().size() - 1; column >= 0; column--) {
      if (table.plotted().contains(table.columns().get(column))) {
        svg.append(series(table, rows, column, across, up));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static String series(Table table, List<Table.Row> rows, int index, Axis across, Axis up) {
    Table.Column column = table.columns().get(index);
    StringBuilder path = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      Estimate figure = rows.get(i) == null ? null : rows.get(i).figures().get(index);
      if (figure != null) {
        double x = across.at(i);
        double y = up.at(table.measure().shown(figure.mean()));
        path.append(Marks.format("%s%.1f %.1f", path.length() == 0 ? "M" : "L", x, y));
        String title =
            rows.get(i).title()
                + ", "
                + Marks.title(column)
                + ": "
                + table.measure().show(figure.mean());
        dots.append(Marks.dot(table, column, x, y, title));
      }
    }
    String colour = Marks.colour(table, column);
    return Marks.format("<path class=\"path %s\" d=\"%s\"/>%n", colour, path) + dots;
  }

  private static Axis up(Table table, List<Table.Row> rows) {
    var shown =
        rows.stream()
            .filter(Objects::nonNull)
            .flatMap(row -> row.figures().stream())
            .filter(Objects::nonNull)
            .mapToDouble(figure -> table.measure().shown(figure.mean()))
            .summaryStatistics();
    boolean error = table.measure().better() == Measure.Better.LESS;
    double low = error ? 0 : shown.getMin();
    double high = error ? Math.min(MOST_ERROR, shown.getMax()) : shown.getMax();
    return shown.getCount() == 0
        ? new Axis(0, 1, HEIGHT - BOTTOM, TOP)
        : Axis.around(low, high, HEIGHT - BOTTOM, TOP);
  }

  private static String at(Variant variant) {
    return variant.at() == null
        ? variant.name()
        : String.format(Locale.ROOT, "%s", variant.at()).replaceAll("\\.0$", "");
  }
}
