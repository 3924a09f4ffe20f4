package io.lift.it.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The main sources of every module of the project. */
final class Sources {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?(io\\.lift(?:\\.[a-z]\\w*)+)\\.[A-Z]");

  private Sources() {}

  /**
   * One Java file.
   *
   * @param module name of its Maven module
   * @param path relative to the project's root
   * @param packageName its package
   * @param imports packages of the project that it imports from
   * @param text its contents
   */
  record JavaFile(String module, Path path, String packageName, Set<String> imports, String text) {}

  /** The Java files of all modules' {@code src/main/java}, in the order of their paths. */
  static List<JavaFile> java() throws IOException {
    Path root = Generated.root();
    List<JavaFile> found = new ArrayList<>();
    for (Path file : files(root, "src/main/java", ".java")) {
      String text = Files.readString(file);
      Matcher name = PACKAGE.matcher(text);
      if (!name.find()) {
        throw new IllegalStateException(file + " has no package");
      }
      Set<String> imports = new TreeSet<>();
      IMPORT.matcher(text).results().forEach(match -> imports.add(match.group(1)));
      Path relative = root.relativize(file);
      found.add(
          new JavaFile(
              relative.getName(0).toString(), relative, name.group(1), Set.copyOf(imports), text));
    }
    return found;
  }

  /** The files of all modules below a folder of the module, by the end of their names. */
  static List<Path> files(Path root, String folder, String end) throws IOException {
    try (Stream<Path> modules = Files.list(root)) {
      return modules
          .map(module -> module.resolve(folder))
          .filter(Files::isDirectory)
          .flatMap(Sources::walk)
          .filter(file -> file.toString().endsWith(end))
          .sorted()
          .toList();
    }
  }

  private static Stream<Path> walk(Path folder) {
    try {
      return Files.walk(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
