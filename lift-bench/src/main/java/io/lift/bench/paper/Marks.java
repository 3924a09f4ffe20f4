package io.lift.bench.paper;

import java.util.List;
import java.util.Locale;

/** Small pieces of SVG and HTML. */
final class Marks {
  private static final int PALETTE = 7;

  private Marks() {}

  /** Text that cannot become markup. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** The class that gives a column its colour. */
  static String colour(Table table, Table.Column column) {
    if (column.source() == Table.Source.PAPER) {
      return "theirs";
    }
    if (column.variant().isEmpty()) {
      return column.method();
    }
    List<Table.Column> variants =
        table.columns().stream().filter(c -> c.source() == column.source()).toList();
    return "v" + variants.indexOf(column) % PALETTE;
  }

  /** A column's mark: a large dot for Lift, a small one for a baseline, hollow for the paper. */
  static String dot(Table table, Table.Column column, double x, double y, String title) {
    String said = title.isEmpty() ? "" : "<title>" + escape(title) + "</title>";
    if (column.source() == Table.Source.PAPER) {
      if (column.method().endsWith("GPT-3")) {
        return format(
            "<path class=\"dot theirs\" d=\"M%.1f %.1fl5 5-5 5-5-5z\">%s</path>%n", x, y - 5, said);
      }
      if (column.method().endsWith("GPT-J")) {
        return format(
            "<path class=\"dot theirs\" d=\"M%.1f %.1fh8v8h-8z\">%s</path>%n", x - 4, y - 4, said);
      }
      return format(
          "<circle class=\"dot theirs\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\">%s</circle>%n",
          x, y, said);
    }
    boolean ours = column.source() == Table.Source.LIFT;
    return format(
        "<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\">%s</circle>%n",
        colour(table, column), x, y, ours && column.variant().isEmpty() ? "6" : "4", said);
  }

  static String legend(Table table, List<Table.Column> columns) {
    StringBuilder legend = new StringBuilder("<div class=\"legend\">");
    for (Table.Column column : columns) {
      legend
          .append("<span><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\">")
          .append(dot(table, column, 7, 7, "").strip())
          .append("</svg>")
          .append(escape(title(column)))
          .append("</span>");
    }
    return legend.append("</div>\n").toString();
  }

  /** A column's title that says where it is from. */
  static String title(Table.Column column) {
    return column.source() == Table.Source.PAPER && !column.isPapersLift()
        ? "paper: " + column.title()
        : column.title();
  }

  static String text(double x, double y, String anchor, String kind, String text) {
    return format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>%n",
        x, y, anchor, kind, escape(text));
  }

  static String line(double x1, double y1, double x2, double y2) {
    return format("<path class=\"grid\" d=\"M%.1f %.1fL%.1f %.1f\"/>%n", x1, y1, x2, y2);
  }

  /** Opens a drawing of a size. */
  static String open(double width, double height, String label) {
    return format(
        "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">%n",
        width, height, escape(label));
  }
}
