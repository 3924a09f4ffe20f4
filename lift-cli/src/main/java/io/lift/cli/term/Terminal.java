package io.lift.cli.term;

import java.io.PrintStream;

/**
 * Where output goes. On a terminal a display may be redrawn in place; elsewhere it is plain lines.
 * The {@code lift} script says which (Java 17 cannot ask for one stream alone).
 *
 * @param out the stream
 * @param tty whether it is a terminal
 * @param width columns
 */
public record Terminal(PrintStream out, boolean tty, int width) {
  private static final int DEFAULT_WIDTH = 100;
  private static final String ESCAPE = "\u001b[";

  public static Terminal stdout() {
    return new Terminal(System.out, Boolean.getBoolean("lift.tty.out"), columns());
  }

  public static Terminal stderr() {
    return new Terminal(System.err, Boolean.getBoolean("lift.tty.err"), columns());
  }

  private static int columns() {
    int columns = Integer.getInteger("lift.columns", DEFAULT_WIDTH);
    return columns < 20 ? DEFAULT_WIDTH : columns;
  }

  private boolean colours() {
    return tty && System.getenv("NO_COLOR") == null;
  }

  public String bold(String text) {
    return paint("1", text);
  }

  public String dim(String text) {
    return paint("2", text);
  }

  public String green(String text) {
    return paint("32", text);
  }

  public String yellow(String text) {
    return paint("33", text);
  }

  public String red(String text) {
    return paint("31", text);
  }

  public String cyan(String text) {
    return paint("36", text);
  }

  private String paint(String code, String text) {
    return colours() ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
  }

  /** Replaces the line that the cursor stands on; only on a terminal. */
  public void rewriteLine(String text) {
    out.print("\r" + ESCAPE + "K" + text);
    out.flush();
  }

  /** Empties a line that {@link #rewriteLine} has left. */
  public void clearLine() {
    if (tty) {
      rewriteLine("");
    }
  }

  /** Puts the cursor back to the start of the line {@code lines} above, and empties all below. */
  public void rewind(int lines) {
    if (lines > 0) {
      out.print(ESCAPE + lines + "F");
    }
    out.print(ESCAPE + "J");
  }
}
