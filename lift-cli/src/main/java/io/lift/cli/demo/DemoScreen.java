package io.lift.cli.demo;

import io.lift.cli.term.Durations;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Sparkline;
import io.lift.cli.term.Terminal;
import java.util.ArrayList;
import java.util.List;

/** The live display: redrawn in place on a terminal, one line every two seconds elsewhere. */
final class DemoScreen {
  /** Rows of the rolling part. */
  static final int WINDOW = 200;

  private static final int LINE_SECONDS = 2;
  private static final int MARGIN = 12;
  private static final int LONGEST_HISTORY = 100;
  private static final String DRIFT = " the decision rule changes";

  private final Terminal terminal;
  private final PrequentialScore score;
  private final DriftSchedule schedule;
  private int drawn;
  private double nextLine = LINE_SECONDS;

  DemoScreen(Terminal terminal, PrequentialScore score, DriftSchedule schedule) {
    this.terminal = terminal;
    this.score = score;
    this.schedule = schedule;
  }

  /** Shows the state, if it is time. */
  void show(DemoState state) {
    if (terminal.tty()) {
      redraw(state);
    } else if (state.seconds() >= nextLine) {
      nextLine = state.seconds() + LINE_SECONDS;
      line(state);
    }
  }

  /** Shows the last state, whatever the time. */
  void finish(DemoState state) {
    if (terminal.tty()) {
      redraw(state);
    } else {
      line(state);
      history(state).forEach(terminal.out()::println);
    }
  }

  private void line(DemoState s) {
    terminal
        .out()
        .printf(
            "%5.0f s  %,6d rows  %5.1f rows/s  checkpoint %-3d  accuracy %s  (majority %s, best %s)"
                + "  p50 %s  p99 %s%n",
            s.seconds(),
            s.sent(),
            s.rowsPerSecond(),
            s.checkpoint(),
            percent(s.rolling().model()),
            percent(s.rolling().majority()),
            percent(s.rolling().best()),
            millis(s.p50()),
            millis(s.p99()));
  }

  static String millis(double value) {
    return Double.isNaN(value) ? "-" : "%.0f ms".formatted(value);
  }

  private void redraw(DemoState state) {
    List<String> lines = lines(state);
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append(System.lineSeparator()));
    terminal.rewind(drawn);
    terminal.out().print(text);
    terminal.out().flush();
    drawn = lines.size();
  }

  private List<String> lines(DemoState s) {
    List<String> lines = new ArrayList<>();
    String bar =
        s.total() > 0
            ? terminal.cyan(ProgressBar.bar((double) s.sent() / s.total(), 24)) + " "
            : "";
    String of = s.total() > 0 ? " of %,d".formatted(s.total()) : "";
    lines.add(
        label("rows") + bar + "%,d%s   %.0f rows/s".formatted(s.sent(), of, s.rowsPerSecond()));
    lines.add(
        label("checkpoint")
            + (s.checkpoint() == 0
                ? terminal.dim("none yet: the untrained base model answers")
                : "version %s, %s old, trained on %,d rows"
                    .formatted(
                        terminal.bold("" + s.checkpoint()),
                        Durations.show(s.checkpointAgeMillis()),
                        s.rowsLearned())));
    lines.add(label("latency") + "p50 %s   p99 %s".formatted(millis(s.p50()), millis(s.p99())));
    if (s.deadLetters() > 0) {
      lines.add(label("rejected") + terminal.red("%,d rows".formatted(s.deadLetters())));
    }
    lines.add("");
    lines.add(label("accuracy") + meter(s.rolling().model(), true) + "  the model");
    lines.add(label("") + meter(s.rolling().best(), false) + "  the best possible");
    lines.add(label("") + meter(s.rolling().majority(), false) + "  always the commoner class");
    lines.add(label("") + terminal.dim("over the last " + s.rolling().answers() + " rows"));
    lines.add("");
    lines.addAll(history(s));
    return lines;
  }

  private String meter(double value, boolean strong) {
    double part = Double.isNaN(value) ? 0 : value;
    String bar = ProgressBar.bar(part, 24);
    String text = bar + " " + percent(value);
    return strong ? terminal.bold(terminal.green(text)) : terminal.dim(text);
  }

  /** The whole stream, one bar per so many rows, with the drifts marked above. */
  private List<String> history(DemoState s) {
    int room = Math.max(20, Math.min(LONGEST_HISTORY, terminal.width() - MARGIN - 1));
    long span = s.total() > 0 ? s.total() : Math.max(s.sent(), 1_000);
    int step = step(span, room);
    List<Double> values = new ArrayList<>();
    StringBuilder marks = new StringBuilder();
    for (int from = 0; from < s.sent(); from += step) {
      int to = Math.min(from + step, s.sent());
      PrequentialScore.Accuracies part = score.between(from, to);
      values.add(part.answers() < step / 2 ? Double.NaN : part.model());
      boolean drift = false;
      for (int row = from; row < from + step; row++) {
        drift |= schedule.driftsAt(row) && row < s.sent();
      }
      marks.append(drift ? '▼' : ' ');
    }
    String drifts = marks.toString().stripTrailing();
    boolean explained = !drifts.isEmpty() && drifts.length() + DRIFT.length() <= room;
    List<String> lines = new ArrayList<>();
    lines.add(label("over time") + terminal.yellow(drifts + (explained ? DRIFT : "")));
    lines.add(label("") + terminal.green(Sparkline.of(values, 0.3, 1.0)));
    lines.add(
        label("")
            + terminal.dim("one bar is the accuracy of " + step + " rows, from 30 % to 100 %"));
    return lines;
  }

  private static int step(long span, int room) {
    for (int scale = 10; ; scale *= 10) {
      for (int unit : new int[] {1, 2, 5}) {
        if (span <= (long) scale * unit * room) {
          return scale * unit;
        }
      }
    }
  }

  private String label(String text) {
    String padded = text + " ".repeat(MARGIN - text.length());
    return terminal.bold(padded);
  }

  static String percent(double part) {
    return Double.isNaN(part) ? "  -   " : "%5.1f %%".formatted(100 * part);
  }
}
