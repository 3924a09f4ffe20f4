package io.lift.cli.stack;

import io.lift.broker.EmbeddedBroker;
import io.lift.broker.FreePort;
import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.term.Terminal;
import io.lift.kafka.TopicAdmin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * The broker and the four services as processes of their own. Everything they write is in the
 * stack's directory, besides the native libraries that all stacks share in {@code .lift/djl}.
 */
public final class Stack implements AutoCloseable {
  /** Name of the broker's process. */
  public static final String BROKER = "broker";

  private static final Duration START_LIMIT = Duration.ofSeconds(180);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Home home;
  private final StackOptions options;
  private final Terminal terminal;
  private final List<StackProcess> processes = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean stopping;
  private String bootstrap;
  private ServiceLauncher launcher;

  private Stack(Home home, StackOptions options, Terminal terminal) {
    this.home = home;
    this.options = options;
    this.terminal = terminal;
  }

  /**
   * Starts all processes and waits until each is ready. If one fails, all are stopped.
   *
   * @param terminal where progress is shown
   * @throws CliException if one does not come up; the message names its log file
   */
  public static Stack start(Home home, StackOptions options, Terminal terminal)
      throws InterruptedException {
    Stack stack = new Stack(home, options, terminal);
    Thread hook = new Thread(stack::close, "stop-stack");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      stack.launch();
    } catch (IOException e) {
      stack.close();
      throw new CliException(e, e.getMessage() + ".");
    } catch (RuntimeException | InterruptedException e) {
      stack.close();
      throw e;
    } finally {
      if (options.background() && !stack.stopping) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
    return stack;
  }

  private void launch() throws IOException, InterruptedException {
    long started = System.nanoTime();
    for (Service service : Service.values()) {
      service.jar(home);
    }
    Path directory = options.directory();
    RunFile.read(directory).ifPresent(Stack::stop); // left behind by a command that was killed
    Files.createDirectories(directory.resolve("tmp"));
    Files.createDirectories(home.djlCache());

    show("starting Kafka");
    ConnectionSettings kafka;
    if (options.kafka().isPresent()) {
      kafka = options.kafka().get();
      bootstrap = kafka.bootstrap();
    } else {
      bootstrap = startBroker(0);
      kafka = ConnectionSettings.at(bootstrap);
    }
    TopicAdmin.ensure(kafka.client(), kafka.topics().all());
    launcher = new ServiceLauncher(home, directory, writeSettings(kafka), options.optimizing());

    List<StackProcess> services = new ArrayList<>();
    for (Service service : Service.values()) {
      int count = service == Service.TRAINER ? options.trainers() : 1;
      for (int i = 1; i <= count; i++) {
        String name = service.title() + (i == 1 ? "" : "-" + i);
        services.add(start(service, name));
      }
    }
    awaitReady(services);
    if (terminal.tty()) {
      terminal.clearLine();
    }
    terminal.out().println("Live page: " + runFile().page());
    terminal
        .out()
        .printf(
            "Stack ready in %.1f s: Kafka at %s, %d services.%n",
            (System.nanoTime() - started) / 1e9, bootstrap, services.size());
  }

  /**
   * Starts the broker and waits until it answers; returns how to reach it.
   *
   * @param port 0 for any free port
   */
  private String startBroker(int port) throws IOException {
    Path files = options.directory().resolve(BROKER);
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            files,
            port,
            options.background()
                ? EmbeddedBroker.Lifetime.DETACHED
                : EmbeddedBroker.Lifetime.WITH_PARENT);
    ProcessHandle process = ProcessHandle.of(broker.pid()).orElseThrow();
    String reached = broker.bootstrap();
    int bound = Integer.parseInt(reached.substring(reached.lastIndexOf(':') + 1));
    add(StackProcess.of(BROKER, null, process, bound, files.resolve("broker.log")));
    return reached;
  }

  /** Starts one more process of a service; returns before it is ready. */
  public StackProcess start(Service service, String name) throws IOException {
    return add(launcher.launch(service, name, FreePort.choose()));
  }

  /** Ends a process at once (SIGKILL), as a crash would. */
  public void kill(String name) {
    StackProcess process = process(name);
    process.kill();
    processes.remove(process);
    runFile().write();
  }

  /**
   * Kills a process and starts it again on its port; returns before it is ready, unless it is the
   * broker.
   */
  public void crash(String name) throws IOException {
    StackProcess process = process(name);
    kill(name);
    if (process.service() == null) {
      startBroker(process.port());
      return;
    }
    add(launcher.launch(process.service(), name, process.port()));
  }

  private StackProcess process(String name) {
    return runFile().processes().stream()
        .filter(process -> process.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no process " + name));
  }

  private StackProcess add(StackProcess process) {
    synchronized (processes) {
      processes.add(process);
      runFile().write();
    }
    if (stopping) {
      process.terminate();
    }
    return process;
  }

  /** What runs, as later commands find it. */
  public RunFile runFile() {
    synchronized (processes) {
      return new RunFile(options.directory().toString(), bootstrap, processes);
    }
  }

  private Path writeSettings(ConnectionSettings kafka) throws IOException {
    Path file = options.directory().resolve(RunFile.KAFKA_PROPERTIES);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = Files.newOutputStream(file)) {
      Properties settings = kafka.serviceProperties();
      options.settings().forEach(settings::setProperty);
      settings.store(out, null);
    }
    return file;
  }

  private void awaitReady(List<StackProcess> services) throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    Set<String> waiting = new java.util.LinkedHashSet<>();
    services.forEach(process -> waiting.add(process.name()));
    while (!waiting.isEmpty()) {
      if (stopping) {
        throw new InterruptedException();
      }
      show("waiting for " + String.join(", ", waiting));
      for (StackProcess process : services) {
        if (!process.isAlive()) {
          throw new CliException(
              "The %s did not start; its log %s ends with: %s",
              process.name(), Home.show(Path.of(process.log())), LogTail.lastError(process.log()));
        }
        if (waiting.contains(process.name()) && Health.isReady(process.port())) {
          waiting.remove(process.name());
        }
      }
      if (System.nanoTime() > deadline) {
        StackProcess late =
            services.stream().filter(m -> waiting.contains(m.name())).findFirst().orElseThrow();
        throw new CliException(
            "The %s was not ready within %d s; see its log %s.",
            late.name(), START_LIMIT.toSeconds(), Home.show(Path.of(late.log())));
      }
      Thread.sleep(300);
    }
  }

  private void show(String what) {
    if (terminal.tty()) {
      terminal.rewriteLine(terminal.dim(what + " …"));
    }
  }

  /** How to reach its Kafka. */
  public ConnectionSettings kafka() {
    return runFile().kafka();
  }

  /** Whether {@link #close} has begun. */
  public boolean isStopping() {
    return stopping;
  }

  /** Stops all processes; does nothing the second time. */
  @Override
  public void close() {
    synchronized (this) {
      stopping = true;
      if (bootstrap != null) {
        stop(runFile());
      }
    }
  }

  /** Stops the processes of a run file, services first, and removes it. */
  static void stop(RunFile run) {
    List<StackProcess> services =
        run.processes().stream().filter(process -> process.service() != null).toList();
    services.forEach(StackProcess::terminate);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (StackProcess process : services) {
      process.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
    for (StackProcess process : run.processes()) {
      if (process.service() == null) {
        process.terminate();
        process.awaitEnd(PATIENCE);
      }
    }
    run.delete();
  }
}
