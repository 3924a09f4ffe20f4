package io.lift.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The meters that alerts, dashboards and scaling rules read are those that the services have. */
class MetersTest {
  private static final Path DEPLOY = Path.of("").toAbsolutePath();
  private static final Pattern USED = Pattern.compile("\\blift_[a-z0-9_]+");
  private static final Pattern LITERAL = Pattern.compile("\"(lift[._][a-z0-9._-]+)\"");
  private static final Pattern SUFFIX =
      Pattern.compile("_(total|seconds|bucket|count|sum|max|bytes)$");

  @Test
  void everyMeterOfTheDeploymentExistsInTheServices() throws IOException {
    Set<String> known = meters();
    Set<String> used = used();

    assertThat(used).isNotEmpty();
    assertThat(used).allMatch(name -> exists(name, known), "is a meter of a service");
  }

  private static boolean exists(String name, Set<String> known) {
    String rest = name;
    while (true) {
      String candidate = rest;
      if (known.contains(candidate)
          || known.stream().anyMatch(k -> k.endsWith("_") && candidate.startsWith(k))) {
        return true;
      }
      Matcher suffix = SUFFIX.matcher(rest);
      if (!suffix.find()) {
        return false;
      }
      rest = rest.substring(0, suffix.start());
    }
  }

  private static Set<String> used() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String folder : List.of("prometheus", "grafana", "kubernetes")) {
      for (Path file : files(DEPLOY.resolve(folder), "")) {
        Matcher matcher = USED.matcher(Files.readString(file));
        while (matcher.find()) {
          names.add(matcher.group());
        }
      }
    }
    return names;
  }

  /**
   * String literals of the sources, as Prometheus writes names; those that end in _ are prefixes.
   */
  private static Set<String> meters() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> modules = Files.list(DEPLOY.getParent())) {
      for (Path module :
          modules.filter(p -> Files.isDirectory(p.resolve("src/main/java"))).toList()) {
        for (Path file : files(module.resolve("src/main/java"), ".java")) {
          Matcher matcher = LITERAL.matcher(Files.readString(file));
          while (matcher.find()) {
            names.add(matcher.group(1).replaceAll("[.-]", "_"));
          }
        }
      }
    }
    return names;
  }

  private static List<Path> files(Path folder, String ending) {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).filter(f -> f.toString().endsWith(ending)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
