package io.lift.cli.base;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where Lift is and where it writes.
 *
 * @param root a checkout of the sources, or an unpacked archive, which may be read-only
 * @param state where everything that runs keeps its files: {@code .lift/} of a checkout
 */
public record Home(Path root, Path state) {
  /** The services of an unpacked archive. */
  private static final String SERVICES = "services";

  /** The directories that the {@code lift} script names, else the nearest checkout above. */
  public static Home find() {
    String root = System.getProperty("lift.home");
    if (root == null) {
      return ofCheckout(checkout(Path.of("").toAbsolutePath()));
    }
    String state = System.getProperty("lift.state");
    return state == null ? ofCheckout(Path.of(root)) : new Home(Path.of(root), Path.of(state));
  }

  private static Home ofCheckout(Path root) {
    return new Home(root, root.resolve(".lift"));
  }

  private static Path checkout(Path here) {
    for (Path directory = here; directory != null; directory = directory.getParent()) {
      if (Files.isDirectory(directory.resolve("lift-cli"))) {
        return directory;
      }
    }
    return here;
  }

  /** Whether this is an unpacked archive. */
  public boolean isInstallation() {
    return Files.isDirectory(root.resolve(SERVICES));
  }

  /** A service as it was built: {@code quarkus-run.jar} and what it loads. */
  public Path service(String name) {
    return isInstallation()
        ? root.resolve(SERVICES).resolve(name)
        : root.resolve(name + "-service/target/quarkus-app");
  }

  /** The libraries of an unpacked archive that depend on the platform. */
  public Path natives() {
    return root.resolve("natives");
  }

  /** Jars of the operator, for the class path of the command and of every service. */
  public Path plugins() {
    return state.resolve("plugins");
  }

  /** Files of one stack: {@code up}, {@code demo} or {@code eval}. */
  public Path stack(String name) {
    return state.resolve(name);
  }

  /** Native libraries that DJL unpacks once for all services. */
  public Path djlCache() {
    return state.resolve("djl");
  }

  /** A path as the user would write it from here. */
  public static String show(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath();
    return absolute.startsWith(here) ? here.relativize(absolute).toString() : absolute.toString();
  }
}
