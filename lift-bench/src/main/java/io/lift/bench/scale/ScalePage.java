package io.lift.bench.scale;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The day as one HTML page with plots, which needs nothing but itself. */
final class ScalePage {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 150;

  private ScalePage() {}

  static String of(Simulation day, String summary) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>A day of scaling</title>
        <style>
          :root { color-scheme: light dark; font-family: system-ui, sans-serif }
          body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
          svg { width: 100%; height: auto } h2 { font-size: 1rem; margin-bottom: 0 }
          polyline { fill: none; stroke: #2563eb; stroke-width: 1.5 }
          line { stroke: #8884; stroke-width: 1 } text { font-size: 11px; fill: currentColor }
          pre { white-space: pre-wrap }
        </style>
        <h1>A day of traffic under the scaling rules</h1>
        """);
    page.append("<pre>").append(summary).append("</pre>\n");
    plot(page, day, "Training rows per second", m -> m.rows);
    plot(page, day, "Trainers", m -> m.trainers);
    plot(page, day, "Staleness, worst of each minute, in seconds", m -> m.staleness);
    plot(page, day, "Inference replicas", m -> m.inference);
    plot(page, day, "Longest wait of a request, in seconds", m -> m.wait);
    return page.append("</html>\n").toString();
  }

  private static void plot(
      StringBuilder page, Simulation day, String title, ToDoubleFunction<Simulation.Minute> value) {
    double top = 1;
    for (Simulation.Minute minute : day.minutes()) {
      top = Math.max(top, value.applyAsDouble(minute));
    }
    page.append("<h2>%s</h2>%n".formatted(title));
    page.append(
        "<svg viewBox=\"-40 -8 %d %d\" role=\"img\" aria-label=\"%s, at most %.0f\">%n"
            .formatted(WIDTH + 50, HEIGHT + 30, title, top));
    for (int hour = 0; hour <= 24; hour += 3) {
      double x = WIDTH * hour / 24.0;
      page.append(
          "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"0\" y2=\"%2$d\"/><text x=\"%1$.1f\" y=\"%3$d\" text-anchor=\"middle\">%4$d h</text>%n"
              .formatted(x, HEIGHT, HEIGHT + 15, hour));
    }
    page.append(
        "<text x=\"-6\" y=\"8\" text-anchor=\"end\">%.0f</text><text x=\"-6\" y=\"%d\" text-anchor=\"end\">0</text>%n"
            .formatted(top, HEIGHT));
    page.append("<polyline points=\"");
    for (int m = 0; m < day.minutes().length; m++) {
      page.append(
          String.format(
              Locale.ROOT,
              "%.1f,%.1f ",
              WIDTH * m / (double) day.minutes().length,
              HEIGHT * (1 - value.applyAsDouble(day.minutes()[m]) / top)));
    }
    page.append("\"/></svg>\n");
  }
}
