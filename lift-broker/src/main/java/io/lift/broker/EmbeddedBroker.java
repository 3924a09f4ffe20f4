package io.lift.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * A real Apache Kafka broker (KRaft, one node) in a JVM of its own, listening on loopback only. Its
 * classpath is that of this JVM.
 */
public final class EmbeddedBroker implements AutoCloseable {
  static final String HOST = "127.0.0.1";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 3;
  private static final String AUTHORIZER = "kafka.authorizer.logger";
  private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  /** How long the broker lives. */
  public enum Lifetime {
    /** Until it is closed or this JVM ends, whichever is first, even if this JVM is killed. */
    WITH_PARENT,
    /** Until somebody ends its process. */
    DETACHED
  }

  private final int port;
  private final Process process;
  private final BrokerSecurity security; // null for an open broker

  private EmbeddedBroker(int port, Process process, BrokerSecurity security) {
    this.port = port;
    this.process = process;
    this.security = security;
  }

  /** Starts a broker that ends with this JVM, see {@link #start(Path, int, Lifetime)}. */
  public static EmbeddedBroker start(Path directory, int port) throws IOException {
    return start(directory, port, Lifetime.WITH_PARENT);
  }

  /**
   * Starts a guarded broker that ends with this JVM, on any free port. Its log tells each decision
   * of the authorizer.
   */
  public static EmbeddedBroker start(Path directory, BrokerSecurity security) throws IOException {
    return start(directory, 0, Lifetime.WITH_PARENT, security, Map.of());
  }

  /**
   * Starts an open broker that ends with this JVM, on any free port.
   *
   * @param more settings of the broker, which replace its usual ones
   */
  public static EmbeddedBroker start(Path directory, Map<String, String> more) throws IOException {
    return start(directory, 0, Lifetime.WITH_PARENT, null, more);
  }

  /**
   * Formats the directory if it is new, starts the broker and waits until it answers. A directory
   * that a broker has used before keeps its topics and records.
   *
   * @param directory where log segments, properties and the broker's own log file go
   * @param port 0 for any free port
   * @throws IOException if it does not come up; the message says why and where its log is
   */
  public static EmbeddedBroker start(Path directory, int port, Lifetime lifetime)
      throws IOException {
    return start(directory, port, lifetime, null, Map.of());
  }

  private static EmbeddedBroker start(
      Path directory,
      int port,
      Lifetime lifetime,
      BrokerSecurity security,
      Map<String, String> more)
      throws IOException {
    if (port != 0 && !FreePort.isFree(port)) {
      throw new IOException(
          "Port %d of %s is taken: stop what listens there or choose another port."
              .formatted(port, HOST));
    }
    IOException last = null;
    // a free port may be taken by another process before the broker binds it
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return launch(
            directory.toAbsolutePath(),
            port == 0 ? FreePort.choose() : port,
            lifetime,
            security,
            more);
      } catch (PortLost e) {
        last = e;
      }
    }
    throw last;
  }

  private static EmbeddedBroker launch(
      Path directory,
      int port,
      Lifetime lifetime,
      BrokerSecurity security,
      Map<String, String> more)
      throws IOException {
    Files.createDirectories(directory);
    Path properties = directory.resolve("server.properties");
    Path log = directory.resolve("broker.log");
    int controllerPort = choosePort(port);
    String settings = BrokerProperties.of(directory.resolve("data"), port, controllerPort);
    if (security != null) {
      // of settings that stand twice, the last one counts
      settings += security.properties(port, controllerPort);
      Files.writeString(directory.resolve(BrokerMain.USERS), security.users());
    }
    for (Map.Entry<String, String> each : more.entrySet()) {
      settings += each.getKey() + "=" + each.getValue() + "\n";
    }
    Files.writeString(properties, settings);
    long logged = Files.exists(log) ? Files.size(log) : 0;

    Process process =
        new ProcessBuilder(command(properties, lifetime, security))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process.getOutputStream().close();
    EmbeddedBroker broker = new EmbeddedBroker(port, process, security);
    Thread abandon = new Thread(process::destroy, "abandon-broker");
    Runtime.getRuntime().addShutdownHook(abandon);
    try {
      broker.awaitAnswer();
      Runtime.getRuntime().removeShutdownHook(abandon);
      return broker;
    } catch (IllegalStateException e) {
      throw new IOException("Interrupted while the Kafka broker started", e);
    } catch (IOException e) {
      broker.close();
      removeQuietly(abandon);
      String said = tail(log, logged);
      if (said.contains("BindException") || said.contains("Address already in use")) {
        throw new PortLost(e.getMessage() + ", its port was taken meanwhile; its log is " + log);
      }
      throw new IOException(e.getMessage() + reason(said) + "; its log is " + log);
    }
  }

  private static void removeQuietly(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // this JVM is ending: the hook runs, and finds the process gone
    }
  }

  private static List<String> command(Path properties, Lifetime lifetime, BrokerSecurity security) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String parent = lifetime == Lifetime.DETACHED ? "0" : "" + ProcessHandle.current().pid();
    List<String> command = new ArrayList<>();
    // in a session of its own, so that Ctrl-C in a terminal reaches only the process that owns it
    setsid().ifPresent(path -> command.add(path.toString()));
    Stream.of(
            java,
            "-Xms128m",
            "-Xmx512m",
            "-XX:+UseSerialGC", // the heap is small and cores are few
            "-XX:TieredStopAtLevel=1", // it works at once, and what it does is small
            "-XX:-UsePerfData",
            "-Djava.awt.headless=true",
            "-Dslf4j.provider=" + ConsoleLogging.class.getName(),
            "-D" + ConsoleLogging.DEBUG + "=" + (security == null ? "" : AUTHORIZER),
            "-D" + ALLOWED_URLS + "=" + (security == null ? "" : security.allowedUrls()),
            "-cp",
            System.getProperty("java.class.path"),
            BrokerMain.class.getName(),
            properties.toString(),
            parent)
        .forEach(command::add);
    return command;
  }

  private static Optional<Path> setsid() {
    return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"))
        .map(part -> Path.of(part, "setsid"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    // probe first: an admin client that meets a closed port fills the caller's log with warnings
    while (!listens()) {
      if (!process.isAlive()) {
        throw new IOException("The Kafka broker ended with code " + process.exitValue());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("The Kafka broker did not open port " + port + " in time");
      }
      pause();
    }
    try (Admin admin = Admin.create(client())) {
      admin
          .describeCluster()
          .nodes()
          .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("The Kafka broker listens but does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the Kafka broker started");
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(HOST, port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void pause() throws IOException {
    try {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("Interrupted while the Kafka broker started");
    }
  }

  private Map<String, Object> client() {
    Map<String, Object> settings = new HashMap<>();
    if (security != null) {
      settings.putAll(security.client(BrokerSecurity.ADMIN));
    }
    settings.put("bootstrap.servers", bootstrap());
    return settings;
  }

  /** {@code 127.0.0.1:port}. */
  public String bootstrap() {
    return HOST + ":" + port;
  }

  public long pid() {
    return process.pid();
  }

  /** Ends the process: first kindly, after 10 s by force. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static int choosePort(int other) throws IOException {
    int port = FreePort.choose();
    return port == other ? choosePort(other) : port;
  }

  private static String tail(Path log, long from) {
    try {
      byte[] all = Files.readAllBytes(log);
      int start = (int) Math.min(from, all.length);
      return new String(all, start, all.length - start, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String reason(String log) {
    return Stream.of(log.split("\n"))
        .filter(line -> line.contains("Exception"))
        .reduce((first, second) -> second)
        .map(line -> " (" + line.strip() + ")")
        .orElse("");
  }

  /** The port was free when it was chosen and taken when the broker wanted it. */
  private static final class PortLost extends IOException {
    private static final long serialVersionUID = 1L;

    PortLost(String message) {
      super(message);
    }
  }
}
