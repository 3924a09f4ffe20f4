package io.lift.messages;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;

/** Checkpoint files as chunks on {@link Topics#CHECKPOINT_CHUNKS}. */
public final class CheckpointFiles {
  private CheckpointFiles() {}

  /**
   * Sends a file in chunks to one partition and waits until the broker has them. Inside a
   * transaction they become readable when it commits.
   *
   * @param producer bytes by string key; must not be used by others meanwhile
   * @return where the chunks are, for the manifest
   */
  public static CheckpointManifest.Location write(
      Producer<String, byte[]> producer, String task, long version, byte[] file)
      throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads the file of a manifest back and checks its size and sha256.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @throws IOException if a chunk is missing or the hash differs; the message names task, version
   *     and cause
   */
  public static byte[] read(
      Map<String, Object> kafka, CheckpointManifest manifest, Duration timeout) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The sha256 of a file, in hex. */
  public static String sha256(byte[] file) {
    throw new UnsupportedOperationException();
  }
}
