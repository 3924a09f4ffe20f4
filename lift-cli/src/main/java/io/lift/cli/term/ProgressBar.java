package io.lift.cli.term;

import java.time.Duration;
import java.util.Locale;

/**
 * One line of progress: redrawn in place on a terminal, else written every few seconds. Not
 * thread-safe.
 */
public final class ProgressBar implements AutoCloseable {
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int BAR = 28;

  private final Terminal terminal;
  private final String label;
  private final String unit;
  private long total;
  private final long started = System.nanoTime();
  private long shown = started - REDRAW_NANOS;
  private long done;
  private String note = "";

  /**
   * @param unit what is counted, e.g. {@code rows}
   * @param total how many there will be; negative if unknown
   */
  public ProgressBar(Terminal terminal, String label, String unit, long total) {
    this.terminal = terminal;
    this.label = label;
    this.unit = unit;
    this.total = total;
    if (!terminal.tty()) {
      shown = started;
    }
  }

  public void set(long done) {
    set(done, note);
  }

  /**
   * @param note a few words behind the figures
   */
  public void set(long done, String note) {
    this.done = done;
    this.note = note;
    long now = System.nanoTime();
    if (now - shown >= (terminal.tty() ? REDRAW_NANOS : LINE_NANOS)) {
      shown = now;
      draw();
    }
  }

  /** Says how many there will be, once that is known. */
  public void expect(long total) {
    this.total = total;
  }

  /** Draws the last state and ends the line. */
  @Override
  public void close() {
    draw();
    if (terminal.tty()) {
      terminal.out().println();
    }
  }

  private void draw() {
    String line = line(Duration.ofNanos(System.nanoTime() - started));
    if (terminal.tty()) {
      terminal.rewriteLine(line);
    } else {
      terminal.out().println(line);
    }
  }

  private String line(Duration elapsed) {
    double seconds = Math.max(elapsed.toMillis(), 1) / 1000.0;
    StringBuilder line = new StringBuilder("%-10s ".formatted(label));
    if (total >= 0) {
      double part = total == 0 ? 1 : Math.min(1, (double) done / total);
      if (terminal.tty()) {
        line.append(terminal.cyan(bar(part, BAR))).append(' ');
      }
      line.append("%3d %%  %,d of %,d %s".formatted((int) (100 * part), done, total, unit));
    } else {
      line.append("%,d %s".formatted(done, unit));
    }
    line.append(String.format(Locale.ROOT, "  %.1f s", seconds));
    if (!note.isEmpty()) {
      line.append("  ").append(note);
    }
    return line.toString();
  }

  /** A bar of {@code width} characters of which {@code part} (0..1) is full. */
  public static String bar(double part, int width) {
    int full = (int) Math.round(Math.max(0, Math.min(1, part)) * width);
    return "█".repeat(full) + "░".repeat(width - full);
  }
}
