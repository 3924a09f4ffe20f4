package io.lift.it;

import io.lift.broker.BrokerSecurity;
import io.lift.broker.EmbeddedBroker;
import io.lift.broker.FreePort;
import io.lift.cli.Lift;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Service;
import io.lift.cli.stack.ServiceLauncher;
import io.lift.it.Program.Output;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.RequiredAcl;
import io.lift.kafka.Role;
import io.lift.messages.HeaderValues;
import io.lift.messages.Topics;
import io.lift.testing.Console;
import io.lift.testing.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A Kafka with TLS, passwords and ACLs, a user for each {@link Role} with the rights of that role,
 * and services and commands as processes that know nothing of it but their configuration.
 */
final class SecuredStack implements AutoCloseable {
  private static final String PREFIX = "teamA.";

  /** What the topics and groups are called there. */
  static final Topics TOPICS = Topics.of(PREFIX);

  private static final Pattern QUESTION =
      Pattern.compile("Topic:.* for request = (DescribeTopicPartitions|Metadata|InitProducerId) ");

  private final Path directory;
  private final BrokerSecurity security;
  private final EmbeddedBroker broker;
  private final Admin admin;
  private final TraceCollector traces = new TraceCollector();
  private final RegistryServer schemas = new RegistryServer();
  private final List<Process> processes = Collections.synchronizedList(new ArrayList<>());

  SecuredStack(Path directory) throws IOException {
    this.directory = directory;
    Map<String, String> passwords =
        Stream.of(Role.values())
            .collect(Collectors.toMap(SecuredStack::user, r -> "of " + user(r)));
    Tenant.NAMES.forEach(tenant -> passwords.put(tenant, "of " + tenant));
    security = BrokerSecurity.create(directory.resolve("tls"), passwords);
    broker = EmbeddedBroker.start(directory.resolve("broker"), security);
    admin = Admin.create(client(BrokerSecurity.ADMIN));
  }

  static String user(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  void grant(Role role) throws Exception {
    admin
        .createAcls(role.rights(TOPICS).stream().map(right -> acl(role, right)).toList())
        .all()
        .get();
  }

  void revoke(Role role, RequiredAcl right) throws Exception {
    var deleted = admin.deleteAcls(List.of(acl(role, right).toFilter())).all().get();
    if (deleted.size() != 1) {
      throw new AssertionError(role + " has no " + right);
    }
  }

  private static AclBinding acl(Role role, RequiredAcl right) {
    return new AclBinding(
        new ResourcePattern(right.kind(), right.name(), right.pattern()),
        new AccessControlEntry(
            "User:" + user(role), "*", right.operation(), AclPermissionType.ALLOW));
  }

  /** Client settings of a role's user as {@code --kafka-config} takes them. */
  private Map<String, String> settings(Role role) {
    Map<String, String> settings = new HashMap<>(security.client(user(role)));
    settings.put("bootstrap.servers", broker.bootstrap());
    settings.put("lift.topics.prefix", PREFIX);
    return settings;
  }

  /** The settings with another password than that of the user. */
  Map<String, String> guessing(Role role, Map<String, String> settings) {
    Map<String, String> changed = new HashMap<>(settings);
    changed.putAll(security.client(user(role), "a guess"));
    return changed;
  }

  /** Runs a command in this JVM, which takes a tenth of the time of one of its own. */
  Output liftHere(Role role, String... arguments) throws IOException {
    Path config = write("cli-" + user(role), "", settings(role));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--kafka-config", config.toString()));
    Console console = Console.run(Lift::run, all.toArray(String[]::new));
    return new Output(console.code(), console.out() + console.err());
  }

  /** Runs a command to its end, in a JVM of its own. */
  Output lift(Role role, UnaryOperator<Map<String, String>> change, String... arguments)
      throws Exception {
    Path config = write("cli-" + user(role), "", change.apply(settings(role)));
    List<String> command = new ArrayList<>();
    command.add(Program.java());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Lift.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--kafka-config", config.toString()));
    Path output = Files.createTempFile(directory, "output", ".txt");
    return Program.run(Path.of("").toAbsolutePath(), output, Map.of(), command);
  }

  /** Starts a service by its user; returns its port. */
  int start(Service service) throws IOException {
    int port = FreePort.choose();
    launch(service, service.title(), port, UnaryOperator.identity());
    return port;
  }

  private Process launch(
      Service service, String name, int port, UnaryOperator<Map<String, String>> change)
      throws IOException {
    Role role = Role.valueOf(service.name());
    Map<String, String> settings = change.apply(settings(role));
    settings.put("otel.exporter.otlp.endpoint", traces.endpoint());
    settings.put("otel.exporter.otlp.protocol", "http/protobuf");
    settings.put("lift.registry.url", schemas.url());
    Path config = write(name, "kafka.", settings);
    Process process = launcher(config).process(service, name, port);
    processes.add(process);
    return process;
  }

  /** Starts a service that is bound to end. */
  Output run(Service service, String name, UnaryOperator<Map<String, String>> change)
      throws Exception {
    Process process = launch(service, name, FreePort.choose(), change);
    int code = process.waitFor();
    return new Output(code, Files.readString(launcher(null).log(name)));
  }

  private ServiceLauncher launcher(Path config) throws IOException {
    Files.createDirectories(directory.resolve("stack/tmp"));
    return new ServiceLauncher(Home.find(), directory.resolve("stack"), config, false);
  }

  private Path write(String name, String beginning, Map<String, String> settings)
      throws IOException {
    Properties properties = new Properties();
    settings.forEach(
        (key, value) ->
            properties.setProperty(
                key.startsWith("lift.") || key.startsWith("otel.") ? key : beginning + key, value));
    Path file = directory.resolve(name + ".properties");
    try (var out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    return file;
  }

  /** The schema registry of the services. */
  RegistryServer schemas() {
    return schemas;
  }

  TraceCollector traces() {
    return traces;
  }

  /** Makes a topic of somebody else, and lets users do something with it. */
  void topic(String topic, Map<String, AclOperation> rights) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty()))).all().get();
    List<AclBinding> acls =
        rights.entrySet().stream()
            .map(
                right ->
                    new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                        new AccessControlEntry(
                            "User:" + right.getKey(),
                            "*",
                            right.getValue(),
                            AclPermissionType.ALLOW)))
            .toList();
    admin.createAcls(acls).all().get();
  }

  /** Client settings of any user. */
  Map<String, Object> client(String user) {
    Map<String, Object> settings = new HashMap<>(security.client(user));
    settings.put("bootstrap.servers", broker.bootstrap());
    return settings;
  }

  /** A topic of somebody else, which the serializer may read. */
  void source(String topic, List<String> rows) throws Exception {
    topic(topic, Map.of(user(Role.SERIALIZER), AclOperation.READ));
    for (int i = 0; i < rows.size(); i++) {
      send(topic, "source-" + i, rows.get(i), Map.of());
    }
  }

  /** Sends a record as the user who may do everything. */
  void send(String topic, String key, String value, Map<String, String> headers) throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, HeaderValues.bytes(key), HeaderValues.bytes(value));
    headers.forEach((name, text) -> HeaderValues.add(record.headers(), name, text));
    try (var producer = KafkaClients.producer(client(BrokerSecurity.ADMIN), Map.of())) {
      producer.send(record).get();
    }
  }

  /**
   * Whether the authorizer has let a user do something because of exactly this right. A request for
   * what is allowed does not count, unless to describe is the right.
   */
  static boolean used(List<String> allowed, Role role, RequiredAcl right) {
    String rule =
        "resourceType=%s, resourceName=%s, patternType=%s, principal=%s, host=*, operation=%s,"
            .formatted(
                right.kind(),
                right.name(),
                right.pattern(),
                "User:" + user(role),
                right.operation());
    return allowed.stream()
        .filter(
            line -> right.operation() == AclOperation.DESCRIBE || !QUESTION.matcher(line).find())
        .anyMatch(line -> line.contains(rule));
  }

  String brokerLog() throws IOException {
    return Files.readString(directory.resolve("broker/broker.log"));
  }

  Path foreignTruststore() throws IOException {
    return BrokerSecurity.foreignTruststore(directory);
  }

  void stopServices() throws InterruptedException {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      process.waitFor();
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    admin.close();
    broker.close();
    traces.close();
    schemas.close();
  }
}
