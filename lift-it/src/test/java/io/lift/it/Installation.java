package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.cli.base.Home;
import io.lift.it.Program.Output;
import io.lift.testing.TwoMoons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** What was built, laid out as an archive unpacks, with a folder of its own for its files. */
final class Installation {
  private final Path root;
  private final Path state;
  private final Map<String, String> environment;

  /**
   * @param environment of the commands and of the services that they start
   */
  Installation(Path directory, Map<String, String> environment) throws IOException {
    this.environment = environment;
    Home built = Home.find();
    root = directory.resolve("installed");
    state = directory.resolve("state");
    Path bin = Files.createDirectories(root.resolve("bin"));
    Files.copy(built.root().resolve("lift"), bin.resolve("lift"));
    bin.resolve("lift").toFile().setExecutable(true);
    Path services = Files.createDirectories(root.resolve("services"));
    for (String service : List.of("serializer", "trainer", "inference", "evaluator")) {
      Files.createSymbolicLink(services.resolve(service), built.service(service));
    }
    Files.createDirectories(root.resolve("natives"));
    Path target = built.root().resolve("lift-cli/target");
    Path lib = Files.createDirectories(root.resolve("lib"));
    Files.createSymbolicLink(lib.resolve("lift-cli.jar"), target.resolve("lift-cli.jar"));
    try (Stream<Path> libraries = Files.list(target.resolve("lib"))) {
      for (Path library : (Iterable<Path>) libraries::iterator) {
        Files.createSymbolicLink(lib.resolve(library.getFileName()), library);
      }
    }
    Files.createDirectories(state.resolve("plugins"));
    Files.createDirectories(built.djlCache());
    Files.createSymbolicLink(state.resolve("djl"), built.djlCache()); // unpacked once
  }

  /** The folder of plugins. */
  Path plugins() {
    return state.resolve("plugins");
  }

  /** The file that a service of {@code lift up} logs to. */
  Path log(String service) {
    return state.resolve("up/logs/" + service + ".log");
  }

  /** Runs {@code bin/lift} to its end. */
  Output lift(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(root.resolve("bin/lift").toString()));
    command.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(environment);
    all.put("LIFT_STATE_DIR", state.toString());
    all.put("JAVA_HOME", System.getProperty("java.home"));
    return Program.run(root, Files.createTempFile(state, "output", ".txt"), all, command);
  }

  /** A command that must succeed; what it printed. */
  String succeed(String... arguments) throws Exception {
    Output ran = lift(arguments);
    assertThat(ran.code()).as(ran.text()).isZero();
    return ran.text();
  }

  /** Starts all services on the Kafka of a file; a table is learned and its rows are answered. */
  void learnsAndAnswers(Path file, Path directory) throws Exception {
    succeed("up", "--kafka-config", file.toString());
    Path table = TwoMoons.write(directory.resolve("moons.csv"), 120);
    succeed("task", "create", "moons", "--from", table.toString(), "--target", "moon");
    succeed("produce", table.toString(), "--task", "moons");
    Path rows = TwoMoons.write(directory.resolve("new.csv"), 10);
    assertThat(succeed("predict", rows.toString(), "--task", "moons").lines())
        .filteredOn(line -> line.contains(",answered,"))
        .hasSize(10);
  }

  /** Compiles sources against the class path of this JVM and puts the classes into a plugin. */
  void plugin(String name, Path sources) throws IOException {
    Path classes = Files.createDirectories(sources.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
    try (Stream<Path> files = Files.list(sources)) {
      files.filter(file -> file.toString().endsWith(".java")).forEach(f -> arguments.add("" + f));
    }
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (code != 0) {
      throw new IOException("javac ended with " + code);
    }
    try (var jar = new JarOutputStream(Files.newOutputStream(plugins().resolve(name)));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, jar);
      }
    }
  }
}
