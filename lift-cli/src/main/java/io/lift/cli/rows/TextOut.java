package io.lift.cli.rows;

import io.lift.cli.base.CliException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a command writes its rows: a file or standard output. */
final class TextOut {
  private TextOut() {}

  /**
   * @param file null for stdout
   */
  static Writer open(Path file) {
    if (file == null) {
      return new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
    }
    try {
      return Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw new CliException(e, "Cannot write " + file + ".");
    }
  }
}
