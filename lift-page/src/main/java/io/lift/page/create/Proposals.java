package io.lift.page.create;

import io.lift.core.row.FlatJson;
import io.lift.core.row.FormatGuess;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.SourceFormat;
import io.lift.kafka.TopicSample;
import io.lift.messages.HeaderValues;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest proposals, kept for a limited time, with their tables on disk. Thread-safe. */
public final class Proposals implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Proposals.class);
  private static final int MOST = 8;
  private static final Duration KEPT = Duration.ofMinutes(30);
  private static final int TOPIC_ROWS = 500;
  private static final long TOPIC_BYTES = 16L * 1024 * 1024;
  private static final long WAIT_SECONDS = 30;

  /** Bytes read of a rejected upload, so that its sender receives the response. */
  private static final long DRAINED = 512L * 1024 * 1024;

  private final Path folder;
  private final long maxBytes;
  private final Map<String, Proposal> held = new LinkedHashMap<>();

  /** Reading a table takes memory: one at a time. */
  private final Semaphore reading = new Semaphore(1);

  /** The upload is larger than it may be. */
  public static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1L;

    TooLarge(long maxBytes) {
      super("A table dropped here can have %d MiB at most.".formatted(maxBytes >> 20));
    }
  }

  /** Other requests are reading tables. */
  public static final class Busy extends Exception {
    private static final long serialVersionUID = 1L;

    Busy() {
      super("Another table is being read; try again in a moment.");
    }
  }

  /**
   * @param folder where tables are kept; made when it is needed
   * @param maxBytes largest table
   */
  public Proposals(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /**
   * Makes a proposal from an upload.
   *
   * @param name name of the file, as the sender gives it
   * @throws io.lift.core.table.InvalidCsvException if it is not a table; the message names the line
   */
  public Proposal table(String name, InputStream upload)
      throws IOException, TooLarge, Busy, InterruptedException {
    String id = UUID.randomUUID().toString();
    Files.createDirectories(folder);
    Path file = folder.resolve(id + ".csv");
    boolean kept = false;
    try {
      save(upload, file);
      Proposal proposal = new Proposal(id, name, file, expiry());
      read(proposal::readTable);
      requireRows(proposal);
      hold(proposal);
      kept = true;
      return proposal;
    } finally {
      if (!kept) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void requireRows(Proposal proposal) {
    if (proposal.rows() == 0) {
      throw new IllegalArgumentException("There are no rows in " + proposal.source() + " yet.");
    }
  }

  private void save(InputStream upload, Path file) throws IOException, TooLarge {
    byte[] buffer = new byte[64 * 1024];
    long size = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int got = upload.read(buffer); got >= 0; got = upload.read(buffer)) {
        size += got;
        if (size > maxBytes) {
          break;
        }
        out.write(buffer, 0, got);
      }
    }
    if (size > maxBytes) {
      for (int got = 0; got >= 0 && size < DRAINED; got = upload.read(buffer)) {
        size += got;
      }
      throw new TooLarge(maxBytes);
    }
  }

  /** Makes a proposal from the first rows of a topic; rows that are not flat JSON are skipped. */
  public Proposal topic(Map<String, Object> kafka, String topic)
      throws IOException, Busy, InterruptedException {
    Proposal proposal = new Proposal(UUID.randomUUID().toString(), topic, null, expiry());
    read(
        () -> {
          FormatGuess guess = new FormatGuess();
          for (ConsumerRecord<byte[], byte[]> record :
              TopicSample.read(kafka, topic, TOPIC_ROWS, TOPIC_BYTES)) {
            guess.add(record.value(), name -> HeaderValues.string(record.headers(), name));
            addJson(proposal, record.value());
          }
          requireJson(topic, guess.most());
        });
    requireRows(proposal);
    hold(proposal);
    return proposal;
  }

  /** The page reads JSON only; the serializer reads the other formats. */
  private static void requireJson(String topic, SourceFormat format) {
    if (format != SourceFormat.JSON) {
      String way = format.usesRegistry() ? "" : " --format " + format.word();
      throw new IllegalArgumentException(
          "The records of %s are %s: make the task with ./lift task infer NAME --topic %s%s --target COLUMN."
              .formatted(
                  topic,
                  format.usesRegistry() ? "values with a schema registry" : format.description(),
                  topic,
                  way));
    }
  }

  private static void addJson(Proposal proposal, byte[] json) {
    try {
      if (json != null) {
        proposal.add(FlatJson.scalars(json));
      }
    } catch (RowRejectedException e) {
      // a dead letter once the task exists
    }
  }

  @FunctionalInterface
  private interface Reading {
    void run() throws IOException;
  }

  private void read(Reading table) throws IOException, Busy, InterruptedException {
    if (!reading.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new Busy();
    }
    try {
      table.run();
    } finally {
      reading.release();
    }
  }

  private static long expiry() {
    return System.currentTimeMillis() + KEPT.toMillis();
  }

  private synchronized void hold(Proposal proposal) {
    dropExpired();
    if (held.size() == MOST) {
      drop(held.remove(held.keySet().iterator().next()));
    }
    held.put(proposal.id(), proposal);
  }

  /** The proposal of that id, if it has not expired. */
  public synchronized Optional<Proposal> find(String id) {
    dropExpired();
    return Optional.ofNullable(held.get(id));
  }

  /** Removes a proposal; the caller then has to delete its table. */
  public synchronized Optional<Proposal> take(String id) {
    dropExpired();
    return Optional.ofNullable(held.remove(id));
  }

  private void dropExpired() {
    long now = System.currentTimeMillis();
    held.values()
        .removeIf(
            proposal -> {
              if (proposal.expired(now)) {
                drop(proposal);
              }
              return proposal.expired(now);
            });
  }

  /** Deletes the table of a proposal that was taken. */
  public static void drop(Proposal proposal) {
    if (proposal.file() != null) {
      try {
        Files.deleteIfExists(proposal.file());
      } catch (IOException e) {
        LOG.warn("cannot delete {}", proposal.file(), e);
      }
    }
  }

  @Override
  public synchronized void close() {
    held.values().forEach(Proposals::drop);
    held.clear();
  }
}
