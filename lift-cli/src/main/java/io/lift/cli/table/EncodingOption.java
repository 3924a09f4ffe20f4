package io.lift.cli.table;

import io.lift.cli.base.CliException;
import java.nio.charset.Charset;
import picocli.CommandLine.Option;

/** The encoding of CSV files. */
public final class EncodingOption {
  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description =
          "Encoding of the CSV file, such as windows-1252 (default: UTF-8 or UTF-16, else"
              + " Latin-1).")
  private String encoding;

  /**
   * The encoding that the user names; null to find it out.
   *
   * @throws CliException if there is none of that name
   */
  public Charset charset() {
    if (encoding == null) {
      return null;
    }
    try {
      return Charset.forName(encoding);
    } catch (IllegalArgumentException e) {
      throw new CliException(
          e,
          "There is no encoding '"
              + encoding
              + "'; some are UTF-8, UTF-16, windows-1252, ISO-8859-15 and Shift_JIS.");
    }
  }
}
