package io.lift.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Rows that are easy to learn: two interleaved half circles with a little noise. */
public final class TwoMoons {
  private final Random random;
  private boolean upper;

  public TwoMoons(long seed) {
    random = new Random(seed);
  }

  /**
   * A point.
   *
   * @param moon {@code upper} or {@code lower}
   */
  public record Point(double x, double y, String moon) {

    /** As a producer writes it. */
    public String json() {
      return String.format(Locale.ROOT, "{\"x\": %.3f, \"y\": %.3f, \"moon\": \"%s\"}", x, y, moon);
    }
  }

  /** The next point; the moons take turns. */
  public Point next() {
    upper = !upper;
    double angle = Math.PI * random.nextDouble();
    double x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
    double y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
    return new Point(
        x + 0.08 * random.nextGaussian(),
        y + 0.08 * random.nextGaussian(),
        upper ? "upper" : "lower");
  }

  /** The next points as a table with columns {@code x}, {@code y} and {@code moon}. */
  public String csv(int rows) {
    StringBuilder csv = new StringBuilder("x,y,moon\n");
    for (int i = 0; i < rows; i++) {
      Point point = next();
      csv.append(String.format(Locale.ROOT, "%.3f,%.3f,%s%n", point.x(), point.y(), point.moon()));
    }
    return csv.toString();
  }

  /** Writes such a table; the same rows each time. */
  public static Path write(Path file, int rows) throws IOException {
    return Files.writeString(file, new TwoMoons(1).csv(rows));
  }
}
