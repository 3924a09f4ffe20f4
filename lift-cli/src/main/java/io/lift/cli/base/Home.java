package io.lift.cli.base;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The project's directory, and {@code .lift/} in it, where everything that runs keeps its files.
 */
public record Home(Path root) {

  /** The directory that the {@code lift} script names, else the nearest one above that holds it. */
  public static Home find() {
    String named = System.getProperty("lift.home");
    if (named != null) {
      return new Home(Path.of(named));
    }
    Path here = Path.of("").toAbsolutePath();
    for (Path directory = here; directory != null; directory = directory.getParent()) {
      if (Files.isDirectory(directory.resolve("lift-cli"))) {
        return new Home(directory);
      }
    }
    return new Home(here);
  }

  /** Everything that is written at run time. */
  public Path lift() {
    return root.resolve(".lift");
  }

  /** Files of one stack: {@code up}, {@code demo} or {@code eval}. */
  public Path stack(String name) {
    return lift().resolve(name);
  }

  /** Native libraries that DJL unpacks once for all services. */
  public Path djlCache() {
    return lift().resolve("djl");
  }

  /** A path as the user would write it from here. */
  public static String show(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath();
    return absolute.startsWith(here) ? here.relativize(absolute).toString() : absolute.toString();
  }
}
