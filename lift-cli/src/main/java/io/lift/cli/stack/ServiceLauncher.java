package io.lift.cli.stack;

import io.lift.cli.base.Home;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts one service in a JVM of its own, in a session of its own where the system has setsid. */
public final class ServiceLauncher {
  /**
   * Runs a command so that it yields to the others on the machine. Linux divides the processor
   * between sessions first, where it can, and then between the processes of a session.
   */
  private static final List<String> YIELDING =
      List.of(
          "/bin/sh",
          "-c",
          "{ echo 15 > /proc/self/autogroup; } 2> /dev/null; exec nice -n 15 \"$0\" \"$@\"");

  /**
   * On so few cores the optimizing compiler takes more from the services in their first minutes
   * than it gives back. It had a quarter of all time, while rows waited for seconds. The trainer
   * keeps it: its own loops run for long.
   */
  private static final int FEW_CORES = 4;

  /** The main class of a service's jar. */
  private static final String ENTRY_POINT = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";

  private final Home home;
  private final Path directory;
  private final Path kafkaProperties;
  private final boolean optimizing;

  /**
   * @param directory the stack's files
   * @param kafkaProperties read by the service; settings never go on the command line, where other
   *     users could read them
   * @param optimizing see {@link StackOptions}
   */
  public ServiceLauncher(Home home, Path directory, Path kafkaProperties, boolean optimizing) {
    this.optimizing = optimizing;
    this.home = home;
    this.directory = directory;
    this.kafkaProperties = kafkaProperties;
  }

  StackProcess launch(Service service, String name, int port) throws IOException {
    Path log = log(name);
    return StackProcess.of(name, service, process(service, name, port).toHandle(), port, log);
  }

  /** Where a process writes its log. */
  public Path log(String name) {
    return directory.resolve("logs").resolve(name + ".log");
  }

  /** Starts the service; its output is appended to its log. */
  public Process process(Service service, String name, int port) throws IOException {
    Path log = log(name);
    Files.createDirectories(log.getParent());
    ProcessBuilder builder =
        new ProcessBuilder(command(service, name, port))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("DJL_CACHE_DIR", home.djlCache().toString());
    builder.environment().put("ENGINE_CACHE_DIR", home.djlCache().toString());
    // the services share the cores: a thread of the engine that waits may spin for a moment only
    builder.environment().putIfAbsent("GOMP_SPINCOUNT", "10000");
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private List<String> command(Service service, String name, int port) {
    List<String> command = new ArrayList<>();
    // Ctrl-C reaches every process of the terminal's session, but they must stop in order
    findSetsid().ifPresent(setsid -> command.add(setsid.toString()));
    if (service == Service.TRAINER && !command.isEmpty()) {
      command.addAll(YIELDING);
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + service.heap(),
            "-XX:+UseSerialGC", // small heaps, few cores
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + directory.resolve("tmp"),
            "-Djna.tmpdir=" + directory.resolve("tmp"), // else the user's ~/.cache
            "-Dquarkus.config.locations=" + kafkaProperties,
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.http.port=" + port,
            "-DDJL_CACHE_DIR=" + home.djlCache(),
            "-DENGINE_CACHE_DIR=" + home.djlCache(),
            "-Dai.djl.offline=true",
            // the health endpoint reports it; the log need not repeat each "not yet ready"
            "-Dquarkus.log.category.\"io.smallrye.health\".level=WARN"));
    boolean fewCores = Runtime.getRuntime().availableProcessors() <= FEW_CORES;
    if (service != Service.TRAINER && fewCores && !optimizing) {
      command.add("-XX:TieredStopAtLevel=1");
    }
    if (service == Service.EVALUATOR) {
      command.add("-Dlift.evaluator.state-dir=" + directory.resolve("state"));
      command.add("-Dlift.page.upload-dir=" + directory.resolve("uploads"));
    } else {
      command.add("-Dlift." + service.title() + ".instance=" + instance(name));
    }
    command.addAll(program(service.jar(home)));
    return command;
  }

  /**
   * What the JVM runs: the service, and beside it what the operator has added. In an archive, the
   * libraries of the platform are apart from the service.
   */
  private List<String> program(Path jar) {
    List<String> path = new ArrayList<>(List.of(jar.toString()));
    if (home.isInstallation()) {
      path.add(home.natives().resolve("*").toString());
    }
    path.add(home.plugins().resolve("*").toString());
    return List.of("-cp", String.join(File.pathSeparator, path), ENTRY_POINT);
  }

  /** The same after each restart, although ports change, and another in another directory. */
  private String instance(String name) {
    String host = Objects.requireNonNullElse(System.getenv("HOSTNAME"), "localhost");
    return name + "-" + host + "-" + Integer.toHexString(directory.toString().hashCode());
  }

  private static Optional<Path> findSetsid() {
    String path = System.getenv("PATH");
    return Stream.of((path == null ? "" : path).split(":"))
        .map(part -> Path.of(part, "setsid"))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
