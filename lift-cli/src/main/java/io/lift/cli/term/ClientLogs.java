package io.lift.cli.term;

import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** What the Kafka clients log, which is not meant for somebody who typed a command. */
public final class ClientLogs {
  private ClientLogs() {}

  /**
   * @param verbose whether warnings are shown; otherwise nothing is
   */
  public static void quieten(boolean verbose) {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(verbose ? Level.WARNING : Level.OFF);
    if (verbose) {
      root.addHandler(new ConsoleHandler());
    }
  }
}
