package io.lift.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The files of the embedded base model, which are resources of this jar. */
public final class EmbeddedModelFiles {
  private EmbeddedModelFiles() {}

  /**
   * Reads one file.
   *
   * @param name {@link ModelFolder#CONFIG}, {@link ModelFolder#TOKENIZER} or {@link
   *     ModelFolder#WEIGHTS}
   */
  public static byte[] read(String name) {
    try (InputStream in = EmbeddedModelFiles.class.getResourceAsStream("embedded/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
