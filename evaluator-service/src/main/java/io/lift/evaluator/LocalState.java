package io.lift.evaluator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the process before this one closed its stores. Kafka Streams does not trust a store
 * that was not closed, since it may hold writes of an aborted transaction. It would open each such
 * store, close it, delete it and begin again, one after the other. Deleting all of them first takes
 * a moment, and what they held is read from Kafka in either case.
 */
final class LocalState {
  private static final Logger LOG = LoggerFactory.getLogger(LocalState.class);

  private final Path inUse;

  /**
   * @param directory where the state of all applications is
   * @param application id of the application
   */
  LocalState(Path directory, String application) {
    inUse = directory.resolve(application + ".in-use");
  }

  /**
   * To be called before the stores are opened.
   *
   * @param delete deletes the stores; called if they were not closed
   */
  void open(Runnable delete) {
    try {
      if (Files.exists(inUse)) {
        LOG.info("the stores were not closed; they are read from Kafka again");
        delete.run();
      } else {
        Files.createDirectories(inUse.getParent());
        Files.createFile(inUse);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All stores are closed. */
  void closed() {
    try {
      Files.deleteIfExists(inUse);
    } catch (IOException e) {
      LOG.warn("cannot delete {}; the stores will be read from Kafka again", inUse, e);
    }
  }
}
