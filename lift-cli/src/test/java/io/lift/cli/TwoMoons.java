package io.lift.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** A table that is easy to learn: two interleaved half circles with a little noise. */
public final class TwoMoons {
  private TwoMoons() {}

  /** Writes columns {@code x}, {@code y} and {@code moon}; the same rows each time. */
  public static Path write(Path file, int rows) throws IOException {
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("x,y,moon\n");
    for (int i = 0; i < rows; i++) {
      boolean upper = i % 2 == 0;
      double angle = Math.PI * random.nextDouble();
      double x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
      double y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
      csv.append(
          String.format(
              Locale.ROOT,
              "%.3f,%.3f,%s%n",
              x + 0.08 * random.nextGaussian(),
              y + 0.08 * random.nextGaussian(),
              upper ? "upper" : "lower"));
    }
    return Files.writeString(file, csv);
  }
}
