package io.lift.it.docs;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Every setting of the services, read from the sources of their config interfaces. */
final class ConfigurationTable {
  private static final Set<String> SERVICES =
      new TreeSet<>(Set.of("serializer", "trainer", "inference", "evaluator"));

  private static final String PAGE = "lift-page";
  private static final String HOST_OF_PAGE = "evaluator";

  /** A setting as one of the interfaces has it. */
  private record Setting(String fallback, String meaning, Set<String> services) {
    Setting with(Setting other) {
      Set<String> all = new TreeSet<>(services);
      all.addAll(other.services);
      return new Setting(fallback, meaning, all);
    }
  }

  private final Map<String, Setting> settings = new TreeMap<>();

  private final Path root;

  private ConfigurationTable(Path root) {
    this.root = root;
  }

  /**
   * @param root of the project, in which every module is a folder
   */
  static String of(Path root) throws IOException {
    ConfigurationTable table = new ConfigurationTable(root);
    for (Path source : sources(root)) {
      table.read(source, root.relativize(source).getName(0).toString());
    }
    return table.render();
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module : modules.sorted().toList()) {
        Path sources = module.resolve("src/main/java");
        if (Files.isDirectory(sources)) {
          try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith("Config.java")).forEach(found::add);
          }
        }
      }
    }
    return found;
  }

  private void read(Path source, String module) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(source));
      Trees trees = Trees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        for (Tree type : unit.getTypeDecls()) {
          Optional<String> prefix =
              type instanceof ClassTree tree
                  ? value(tree.getModifiers(), "ConfigMapping", "prefix")
                  : Optional.empty();
          if (prefix.isPresent()) {
            String name = unit.getPackageName() + "." + ((ClassTree) type).getSimpleName();
            add(trees, new TreePath(new TreePath(unit), type), prefix.get(), users(module, name));
          }
        }
      }
    }
  }

  /** The service whose interface it is; of a shared one those that name it, or else all. */
  private Set<String> users(String module, String type) throws IOException {
    String own = module.replace("-service", "");
    if (SERVICES.contains(own)) {
      return Set.of(own);
    }
    if (module.equals(PAGE)) {
      return Set.of(HOST_OF_PAGE);
    }
    Set<String> users = new TreeSet<>();
    for (String service : SERVICES) {
      Path sources = root.resolve(service + "-service/src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (Files.readString(file).contains("import " + type + ";")) {
            users.add(service);
          }
        }
      }
    }
    return users.isEmpty() ? SERVICES : users;
  }

  private void add(Trees trees, TreePath type, String prefix, Set<String> services) {
    Map<String, ClassTree> groups =
        ((ClassTree) type.getLeaf())
            .getMembers().stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .collect(Collectors.toMap(group -> group.getSimpleName().toString(), g -> g));
    for (Tree member : ((ClassTree) type.getLeaf()).getMembers()) {
      if (!(member instanceof MethodTree method) || method.getBody() != null) {
        continue;
      }
      String name = prefix + "." + kebab(method.getName().toString());
      ClassTree group = groups.get(method.getReturnType().toString());
      if (group != null) {
        add(trees, new TreePath(type, group), name, services);
        continue;
      }
      Setting setting =
          new Setting(
              fallback(value(method.getModifiers(), "WithDefault", "value").orElse(null)),
              markdown(trees.getDocComment(new TreePath(type, method))),
              services);
      settings.merge(name, setting, Setting::with);
    }
  }

  /** What a default comes to: that of another setting, {@code ${other:default}}, or its own. */
  private static String fallback(String value) {
    String own = value == null ? "" : value.replaceFirst("^\\$\\{[^:]+:(.*)}$", "$1");
    return own.isEmpty() ? null : own;
  }

  /** The text of an annotation's attribute. */
  private static Optional<String> value(ModifiersTree modifiers, String name, String attribute) {
    for (AnnotationTree annotation : modifiers.getAnnotations()) {
      if (!annotation.getAnnotationType().toString().equals(name)) {
        continue;
      }
      for (ExpressionTree argument : annotation.getArguments()) {
        boolean named = argument instanceof AssignmentTree;
        String variable = named ? ((AssignmentTree) argument).getVariable().toString() : "value";
        ExpressionTree given = named ? ((AssignmentTree) argument).getExpression() : argument;
        if (variable.equals(attribute) && given instanceof LiteralTree literal) {
          return Optional.of(literal.getValue().toString());
        }
      }
    }
    return Optional.empty();
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String markdown(String javadoc) {
    if (javadoc == null) {
      throw new IllegalStateException("a setting without a word about it");
    }
    return javadoc
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@code ([^}]*)}", "`$1`")
        .replaceAll("\\{@link (?:[^} ]* )?#?([^}]*)}", "$1")
        .replace("|", "\\|")
        .strip();
  }

  private String render() {
    StringBuilder table = new StringBuilder();
    table.append("| setting | environment variable | default | services | meaning |\n");
    table.append("|---|---|---|---|---|\n");
    settings.forEach(
        (name, setting) ->
            table.append(
                "| `%s` | `%s` | %s | %s | %s |\n"
                    .formatted(
                        name,
                        name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"),
                        setting.fallback() == null ? "" : "`" + setting.fallback() + "`",
                        setting.services().equals(SERVICES)
                            ? "all"
                            : String.join(", ", setting.services()),
                        setting.meaning())));
    return table.toString();
  }
}
