package io.lift.bench.paper;

import static io.lift.bench.paper.Marks.escape;

import io.lift.bench.baseline.Baseline;
import io.lift.bench.baseline.Baselines;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The report as one HTML page that needs nothing but itself. */
final class PaperPage {
  private static final String STYLE = "paper.css";

  private final Report report;
  private final PaperFigures figures;

  PaperPage(Report report, PaperFigures figures) {
    this.report = report;
    this.figures = figures;
  }

  String html() {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.append("<title>Lift beside the paper</title>\n");
    page.append("<style>\n").append(style()).append("</style>\n");
    page.append("<h1>Lift beside the LIFT paper and classical methods</h1>\n");
    page.append(introduction());
    page.append("<nav>");
    for (Experiment experiment : report.experiments()) {
      page.append(
          "<a href=\"#%s\">%s</a>%n".formatted(experiment.name(), escape(experiment.title())));
    }
    page.append("</nav>\n").append(glance());
    report.experiments().forEach(experiment -> page.append(section(experiment)));
    return page.append("</html>\n").toString();
  }

  private String introduction() {
    List<Cell> cells = report.cells();
    long measured = cells.stream().filter(report.files()::has).count();
    StringBuilder text = new StringBuilder();
    if (report.quick()) {
      text.append(
          ("<p><strong>A quick run</strong>: few sets, one run, at most %d training rows, and for"
                  + " Lift %d steps. It shows that everything works; its figures cannot stand beside"
                  + " the paper's.</p>%n")
              .formatted(Experiment.QUICK_ROWS, Experiment.QUICK_STEPS));
    }
    text.append(
        "<p>Every Lift figure went through Kafka and the four services (<code>lift eval</code>),"
            + " with default settings unless the experiment says otherwise. Baselines get"
            + " standardised and one-hot features; what is listed below as a choice is chosen on"
            + " the validation rows. The paper's figures are its authors' (LIFT, NeurIPS 2022): of"
            + " other machines, and partly of other random numbers. The best figure of each row is"
            + " underlined.</p>\n");
    text.append(
        "<p class=\"soft\">%s: %,d of %,d results, %s.%s</p>%n"
            .formatted(
                LocalDate.now(),
                measured,
                cells.size(),
                machine(),
                report.skipped().isEmpty()
                    ? ""
                    : " <strong>Left out because their files are not here: "
                        + escape(String.join(", ", report.skipped()))
                        + ".</strong>"));
    text.append("<ul class=\"soft\">\n");
    for (Baseline baseline : Baselines.classification()) {
      text.append("<li>%s</li>%n".formatted(escape(baseline.settings())));
    }
    text.append("</ul>\n");
    return text.toString();
  }

  /** What the results were made on. */
  static String machine() {
    return "%d processors, Java %s"
        .formatted(Runtime.getRuntime().availableProcessors(), Runtime.version().feature());
  }

  /**
   * All means: ours, the best baseline, the best of the paper's language models and of its
   * baselines.
   */
  private String glance() {
    StringBuilder rows = new StringBuilder();
    for (Experiment experiment : report.experiments()) {
      if (experiment.measures().isEmpty()) {
        continue;
      }
      Table table = Table.of(experiment, experiment.measures().get(0), report.files(), figures);
      for (Table.Row row : table.rows()) {
        if (row.mean()) {
          rows.append(
              "<tr><th>%s: %s</th><td class=\"ours\">%s</td><td>%s</td><td>%s</td>"
                  + "<td>%s</td></tr>%n"
                      .formatted(
                          escape(experiment.title()),
                          escape(row.title()),
                          best(table, row, c -> c.source() == Table.Source.LIFT, false),
                          best(table, row, c -> c.source() == Table.Source.BASELINE, true),
                          best(table, row, Table.Column::isPapersLift, true),
                          best(table, row, Table.Column::isPapersBaseline, true)));
        }
      }
    }
    return rows.length() == 0
        ? ""
        : "<h2>At a glance</h2>\n<div class=\"scroll\"><table><thead><tr><th></th><th>Lift</th>"
            + "<th>best single baseline</th><th>the paper's best LIFT</th>"
            + "<th>the paper's best tuned baseline</th></tr></thead>\n<tbody>"
            + rows
            + "</tbody></table></div>\n";
  }

  private static String best(
      Table table, Table.Row row, Predicate<Table.Column> wanted, boolean named) {
    Comparator<Integer> order =
        Comparator.comparingDouble(column -> row.figures().get(column).mean());
    Optional<Integer> found =
        IntStream.range(0, table.columns().size())
            .boxed()
            .filter(column -> wanted.test(table.columns().get(column)))
            .filter(column -> row.figures().get(column) != null)
            .min(table.measure().better() == Measure.Better.LESS ? order : order.reversed());
    if (found.isEmpty()) {
      return "–";
    }
    String value = table.measure().show(row.figures().get(found.get()).mean());
    String name = escape(table.columns().get(found.get()).title());
    return named ? value + " <span class=\"deviation\">" + name + "</span>" : value;
  }

  private String section(Experiment experiment) {
    StringBuilder html = new StringBuilder();
    html.append(
        "<section id=\"%s\">%n<h2>%s</h2>%n<p>%s</p>%n"
            .formatted(experiment.name(), escape(experiment.title()), escape(experiment.about())));
    if (experiment.cells().stream().noneMatch(report.files()::has)) {
      return html.append("<p class=\"soft\">Not run yet.</p>\n</section>\n").toString();
    }
    List<Table> tables =
        experiment.measures().stream()
            .map(measure -> Table.of(experiment, measure, report.files(), figures))
            .filter(table -> !table.columns().isEmpty())
            .toList();
    html.append(plot(experiment, tables));
    html.append(DifferencesTable.of(Difference.of(experiment, report.files())));
    boolean all = experiment.view() == Experiment.View.RELIABILITY;
    boolean open = all || experiment.view() == Experiment.View.DOTS;
    for (Table table : tables) {
      html.append(open ? "<details open>" : "<details>")
          .append("<summary>%s, the figures</summary>%n".formatted(escape(table.measure().title())))
          .append(table(table))
          .append("</details>\n");
      open = all;
    }
    return html.append("</section>\n").toString();
  }

  private String plot(Experiment experiment, List<Table> tables) {
    if (experiment.view() == Experiment.View.PLANES) {
      return PlanePictures.of(experiment, report.files(), report.sets());
    }
    if (tables.isEmpty()) {
      return "";
    }
    Table first = tables.get(0);
    return switch (experiment.view()) {
      case DOTS -> DotPlot.of(first);
      case LINES -> LinePlots.of(first);
      case CURVES -> CurvePlots.of(first, report.files(), report.sets());
      case RELIABILITY -> DotPlot.of(first) + ReliabilityPlots.of(experiment, report.files());
      case PLANES -> "";
    };
  }

  private static String table(Table table) {
    int firstOfPaper =
        (int) table.columns().stream().filter(c -> c.source() != Table.Source.PAPER).count();
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><thead><tr><th></th>");
    for (int i = 0; i < table.columns().size(); i++) {
      html.append(
          "<th class=\"%s\">%s</th>"
              .formatted(
                  kind(table, i, firstOfPaper), escape(Marks.title(table.columns().get(i)))));
    }
    html.append("</tr></thead>\n<tbody>");
    for (Table.Row row : table.rows()) {
      html.append(row.mean() ? "<tr class=\"mean\">" : "<tr>");
      html.append("<th>%s</th>".formatted(escape(row.title())));
      Double best = table.best(row);
      for (int i = 0; i < table.columns().size(); i++) {
        html.append(
            "<td class=\"%s\">%s</td>"
                .formatted(kind(table, i, firstOfPaper), cell(table, row.figures().get(i), best)));
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  private static String kind(Table table, int column, int firstOfPaper) {
    return switch (table.columns().get(column).source()) {
      case LIFT -> "ours";
      case BASELINE -> "";
      case PAPER -> column == firstOfPaper ? "paper first-paper" : "paper";
    };
  }

  private static String cell(Table table, Estimate figure, Double best) {
    if (figure == null) {
      return "";
    }
    String value = table.measure().show(figure.mean());
    if (best != null && value.equals(table.measure().show(best))) {
      value = "<span class=\"best\">" + value + "</span>";
    }
    return figure.deviation() == null
        ? value
        : value
            + " <span class=\"deviation\">± "
            + table.measure().show(figure.deviation())
            + "</span>";
  }

  private static String style() {
    try (InputStream in = Objects.requireNonNull(PaperPage.class.getResourceAsStream(STYLE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(STYLE, e);
    }
  }
}
