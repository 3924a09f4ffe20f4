package io.lift.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.it.docs.Sources.JavaFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code has the shape that {@code docs/architecture.md} draws. */
class ArchitectureTest {
  /** A row of the table of modules: name, what it holds, modules that it may depend on. */
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([\\w-]+)` \\| [^|]+ \\| ([^|]+) \\|$");

  private static final Pattern MODULE = Pattern.compile("`([\\w-]+)`");

  @Test
  void everyModuleWithCodeIsInTheTableOfModules() throws IOException {
    Set<String> modules = new TreeSet<>();
    Sources.java().forEach(file -> modules.add(file.module()));

    assertThat(allowed().keySet()).containsAll(modules);
  }

  @Test
  void aModuleImportsOnlyFromTheModulesThatTheTableAllows() throws IOException {
    Map<String, Set<String>> allowed = allowed();
    Map<String, String> homes = homes();
    List<String> wrong = new ArrayList<>();
    for (JavaFile file : Sources.java()) {
      for (String imported : file.imports()) {
        String home = homes.get(imported);
        if (!file.module().equals(home) && !allowed.get(file.module()).contains(home)) {
          wrong.add(file.path() + " imports from " + imported + " of " + home);
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void theTableOfModulesHasNoCycle() throws IOException {
    assertThat(cycle(allowed())).isEmpty();
  }

  @Test
  void thePackagesOfAModuleHaveNoCycle() throws IOException {
    Map<String, Map<String, Set<String>>> graphs = new TreeMap<>();
    for (JavaFile file : Sources.java()) {
      graphs
          .computeIfAbsent(file.module(), module -> new TreeMap<>())
          .computeIfAbsent(file.packageName(), name -> new TreeSet<>())
          .addAll(file.imports());
    }
    Map<String, List<String>> cycles = new TreeMap<>();
    graphs.forEach(
        (module, graph) -> {
          List<String> cycle = cycle(graph);
          if (!cycle.isEmpty()) {
            cycles.put(module, cycle);
          }
        });

    assertThat(cycles).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    Set<String> described = new TreeSet<>();
    Set<String> packages = new TreeSet<>();
    for (JavaFile file : Sources.java()) {
      packages.add(file.packageName());
      if (file.path().endsWith("package-info.java") && file.text().contains("/**")) {
        described.add(file.packageName());
      }
    }

    assertThat(described).isEqualTo(packages);
  }

  /** The module of each package; a package belongs to one module. */
  private static Map<String, String> homes() throws IOException {
    Map<String, String> homes = new HashMap<>();
    for (JavaFile file : Sources.java()) {
      String other = homes.put(file.packageName(), file.module());
      assertThat(other).as(file.packageName()).isIn(null, file.module());
    }
    return homes;
  }

  /** The modules that each module may import from, as the document has them. */
  private static Map<String, Set<String>> allowed() throws IOException {
    String document = Files.readString(Generated.root().resolve("docs/architecture.md"));
    Map<String, Set<String>> allowed = new TreeMap<>();
    Matcher row = ROW.matcher(document);
    while (row.find()) {
      Set<String> modules = new TreeSet<>();
      MODULE.matcher(row.group(2)).results().forEach(match -> modules.add(match.group(1)));
      allowed.put(row.group(1), modules);
    }
    assertThat(allowed).isNotEmpty();
    return allowed;
  }

  /** The nodes of one cycle of a graph; empty if it has none. */
  private static List<String> cycle(Map<String, Set<String>> graph) {
    Set<String> done = new TreeSet<>();
    for (String start : graph.keySet()) {
      List<String> found = cycle(graph, start, new ArrayDeque<>(), done);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private static List<String> cycle(
      Map<String, Set<String>> graph, String node, Deque<String> path, Set<String> done) {
    if (path.contains(node)) {
      List<String> nodes = new ArrayList<>(path);
      return nodes.subList(nodes.indexOf(node), nodes.size());
    }
    if (done.contains(node)) {
      return List.of();
    }
    path.addLast(node);
    for (String next : graph.getOrDefault(node, Set.of())) {
      if (!next.equals(node)) {
        List<String> found = cycle(graph, next, path, done);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    path.removeLast();
    done.add(node);
    return List.of();
  }
}
