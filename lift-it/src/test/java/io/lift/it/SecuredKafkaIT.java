package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.cli.stack.Health;
import io.lift.cli.stack.Service;
import io.lift.core.task.Source;
import io.lift.it.Program.Output;
import io.lift.kafka.RequiredAcl;
import io.lift.kafka.Role;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.TwoMoons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The packaged services and the commands on a Kafka that grants each the least it needs. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredKafkaIT {
  private static final Topics TOPICS = SecuredStack.TOPICS;
  @TempDir private static Path directory;

  private static final Pattern VERSION =
      Pattern.compile("\"task\":\"moons\".*?\"checkpointVersion\":(\\d+)");

  private static SecuredStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new SecuredStack(directory);
    for (Role role : Role.values()) {
      stack.grant(role);
    }
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  @Order(1)
  void rowsGoInAndPredictionsComeOutByConfigurationOnly() throws Exception {
    succeed(Role.OPERATOR, "topics");
    Path table = TwoMoons.write(directory.resolve("moons.csv"), 120);
    succeed(
        Role.OPERATOR,
        "task",
        "create",
        "moons",
        "--from",
        table.toString(),
        "--target",
        "moon",
        "--generate");
    Map<Service, Integer> ports = new EnumMap<>(Service.class);
    for (Service service : Service.values()) {
      ports.put(service, stack.start(service));
    }
    await(() -> ports.values().stream().allMatch(Health::isReady));

    assertThat(succeed(Role.CLIENT, "task", "list").text()).contains("moons");
    succeed(Role.CLIENT, "produce", table.toString(), "--task", "moons");
    await(() -> count(ports.get(Service.EVALUATOR)) == 120);
    await(() -> version(ports.get(Service.TRAINER)) >= 1);
    Path rows = TwoMoons.write(directory.resolve("new.csv"), 10);
    Output answers = succeed(Role.CLIENT, "predict", rows.toString(), "--task", "moons");
    assertThat(answers.text().lines().filter(line -> line.contains(",answered,"))).hasSize(10);
    generate();
    List<Tenant> tenants = tenantsAreAnsweredOnTopicsOfTheirOwn();
    assertThat(succeed(Role.OPERATOR, "status").text()).contains("moons", "teamA.lift-trainer");

    succeed(Role.CLIENT, "produce", rows.toString(), "--task", "moons", "--use", "test");
    succeed(Role.CLIENT, "produce", rows.toString(), "--task", "moons"); // another round, then
    whatIsRareHappensToo(ports);
    succeed(Role.OPERATOR, "dead-letters");
    succeed(Role.OPERATOR, "events");
    succeed(Role.OPERATOR, "lineage", "moons");
    succeed(Role.OPERATOR, "task", "rollback", "moons", "1");
    assertThat(succeed(Role.OPERATOR, "events", "moons").text())
        .contains("created task moons (as ")
        .contains("asked to roll back task moons to version 1 (as ")
        .contains("weights of version 1 again: " + System.getProperty("user.name") + "@");
    RowTraces.awaitComplete(stack.traces(), 120);

    List<String> decided =
        stack.brokerLog().lines().filter(line -> line.contains("kafka.authorizer.logger")).toList();
    List<String> allowed = decided.stream().filter(line -> line.contains(" is Allowed ")).toList();
    List<String> unused = new ArrayList<>();
    for (Role role : Role.values()) {
      for (RequiredAcl right : role.rights(TOPICS)) {
        if (!SecuredStack.used(allowed, role, right)) {
          unused.add(role + ": " + right);
        }
      }
    }
    assertThat(unused).as("rights that nobody has used").isEmpty();
    assertThat(decided.stream().filter(line -> line.contains(" is Denied "))).isEmpty();
    stack.stopServices();
    aTenantReadsNothingOfAnother(tenants);
  }

  private static List<Tenant> tenantsAreAnsweredOnTopicsOfTheirOwn() throws Exception {
    List<Tenant> tenants = new ArrayList<>();
    for (String name : Tenant.NAMES) {
      Tenant tenant = new Tenant(name, stack);
      tenants.add(tenant);
      succeed(
          Role.OPERATOR,
          "task",
          "create",
          name,
          "--from",
          TwoMoons.write(directory.resolve(name + ".csv"), 30).toString(),
          "--target",
          "moon",
          "--source",
          tenant.rows(),
          "--format",
          "json",
          "--to",
          tenant.predictions());
      tenant.send(List.of("{\"x\":0.5,\"y\":0.5}", "{\"x\":-0.5,\"y\":0.1}"));
    }
    for (Tenant tenant : tenants) {
      assertThat(tenant.answered(2)).hasSize(2).allMatch(tenant::owns);
    }
    return tenants;
  }

  private static void aTenantReadsNothingOfAnother(List<Tenant> tenants) {
    for (Tenant tenant : tenants) {
      for (Topic<?> topic : TOPICS.all()) {
        assertThat(tenant.isRefused(topic.name())).as(topic.name()).isTrue();
      }
      for (Tenant other : tenants) {
        assertThat(tenant.isRefused(other.rows())).isTrue();
        assertThat(tenant.isRefused(other.predictions())).isEqualTo(other != tenant);
      }
    }
  }

  /** Rows as the task would expect them, in the file's columns. */
  private static void generate() throws Exception {
    Path out = directory.resolve("generated.csv");
    succeed(
        Role.CLIENT,
        "generate",
        "moons",
        "--rows",
        "12",
        "--label",
        "lower",
        "--given",
        "x=0.5",
        "--out",
        out.toString());
    assertThat(Files.readAllLines(out))
        .hasSize(13)
        .startsWith("x,y,moon")
        .filteredOn(line -> line.matches("0\\.5,-?[0-9.]+,lower"))
        .hasSize(12);
  }

  /** Bad records for every service, a task inferred, a row tried, a task rolled back. */
  /** The inference service says so on the topic of events. */
  private static void aSchemaOfPredictionsIsRefused() throws Exception {
    String topic = TOPICS.predictions().name() + ".refused";
    stack.schemas().refuse(topic + "-value");
    succeed(
        Role.OPERATOR,
        "task",
        "create",
        "refused",
        "--from",
        directory.resolve("moons.csv").toString(),
        "--target",
        "moon",
        "--to",
        topic,
        "--to-format",
        "avro");
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> succeed(Role.OPERATOR, "events", "refused").text().contains("unsent"));
  }

  private static void whatIsRareHappensToo(Map<Service, Integer> ports) throws Exception {
    String bad = "no json";
    for (Topic<?> topic :
        List.of(TOPICS.prompts(), TOPICS.requests(), TOPICS.labels(), TOPICS.generate())) {
      stack.send(topic.name(), "moons", bad, Map.of());
    }
    String rows = TOPICS.rows().name();
    stack.send(rows, "bad", bad, Map.of(Headers.TASK, "moons"));
    stack.send(rows, "apart", "{\"x\":0.5,\"y\":0.5}", Map.of(Headers.TASK, "moons"));
    stack.send(rows, "apart", "{\"moon\":\"lower\"}", Map.of(Headers.TASK, "moons"));
    List<String> source = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      source.add("{\"a\":%d,\"b\":\"%s\"}".formatted(i, i % 2 == 0 ? "even" : "odd"));
    }
    stack.source("parities", source);
    succeed(
        Role.OPERATOR,
        "task",
        "infer",
        "parity",
        "--topic",
        "parities",
        "--target",
        "b",
        "--rows",
        "20");
    aSchemaOfPredictionsIsRefused();
    await(() -> version(ports.get(Service.TRAINER)) >= 2);
    thePageIsUsed(ports.get(Service.EVALUATOR));
    await(() -> version(ports.get(Service.TRAINER)) >= 3);
    succeed(Role.OPERATOR, "task", "delete", "parity");
    await(SecuredKafkaIT::theGroupOfItsSourceIsDeleted);
  }

  private static boolean theGroupOfItsSourceIsDeleted() {
    String group = TOPICS.groups().source("parity", Source.of("parities"));
    try {
      return stack
          .brokerLog()
          .lines()
          .anyMatch(line -> line.contains("operation = DELETE") && line.contains(group));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void thePageIsUsed(int evaluator) throws Exception {
    post(evaluator, "/api/tasks/moons/try", "{\"x\":0.5,\"y\":0.5}");
    post(evaluator, "/api/tasks/moons/rollback", "{\"version\":1}");
    String csv = Files.readString(TwoMoons.write(directory.resolve("more.csv"), 30));
    JsonNode proposal =
        new ObjectMapper().readTree(post(evaluator, "/api/proposals/csv?name=more.csv", csv));
    post(
        evaluator,
        "/api/tasks",
        "{\"proposal\":%s,\"choices\":%s}".formatted(proposal.get("id"), proposal.get("choices")));
  }

  private static String post(int port, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", path.contains("csv") ? "text/csv" : "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return response.body();
  }

  @Test
  @Order(2)
  void wrongPasswordsEndInOneSentence() throws Exception {
    for (Output output : runAll("guessing", stack::guessing)) {
      assertThat(output.code()).as(output.text()).isEqualTo(1);
      assertThat(sentence(output))
          .contains("rejects these credentials", "check kafka.sasl.mechanism and");
    }
    Output output = stack.lift(Role.CLIENT, s -> stack.guessing(Role.CLIENT, s), "task", "list");
    assertThat(output.code()).isEqualTo(1);
    assertThat(output.text()).hasLineCount(1).contains("rejects these credentials");
  }

  @Test
  @Order(3)
  void aBrokerThatIsNotTrustedIsSaidInOneSentence() throws Exception {
    String truststore = stack.foreignTruststore().toString();
    UnaryOperator<Map<String, String>> misled =
        settings -> with(settings, "ssl.truststore.location", truststore);
    for (Output output : runAll("misled", (role, settings) -> misled.apply(settings))) {
      assertThat(output.code()).as(output.text()).isEqualTo(1);
      assertThat(sentence(output)).contains("do not trust one another", "ssl.truststore.location");
    }
    Output output = stack.lift(Role.CLIENT, misled, "task", "list");
    assertThat(output.code()).isEqualTo(1);
    assertThat(output.text()).hasLineCount(1).contains("do not trust one another");
    Output absent =
        stack.lift(
            Role.CLIENT, s -> with(s, "ssl.truststore.location", "/no/such.p12"), "task", "list");
    assertThat(absent.code()).isEqualTo(1);
    assertThat(absent.text()).hasLineCount(1).contains("/no/such.p12");
  }

  @Test
  @Order(4)
  void aMissingRightIsNamedWithItsResource() throws Exception {
    Map<Role, RequiredAcl> missing = new EnumMap<>(Role.class);
    missing.put(Role.SERIALIZER, RequiredAcl.write(TOPICS.prompts()));
    missing.put(Role.TRAINER, right(Role.TRAINER, ResourceType.GROUP));
    missing.put(Role.INFERENCE, right(Role.INFERENCE, ResourceType.TRANSACTIONAL_ID));
    missing.put(Role.EVALUATOR, RequiredAcl.read(TOPICS.labels()));
    missing.put(Role.CLIENT, RequiredAcl.write(TOPICS.rows()));
    missing.put(Role.OPERATOR, RequiredAcl.write(TOPICS.tasks()));
    for (var entry : missing.entrySet()) {
      stack.revoke(entry.getKey(), entry.getValue());
    }
    List<Output> answers = runAll("lacking", (role, settings) -> settings);
    for (int i = 0; i < answers.size(); i++) {
      Output output = answers.get(i);
      assertThat(output.code()).as(output.text()).isEqualTo(1);
      RequiredAcl right = missing.get(Role.valueOf(Service.values()[i].name()));
      assertThat(sentence(output)).contains("does not grant '" + right + "'");
    }
    Path table = TwoMoons.write(directory.resolve("moons.csv"), 10);
    Output produced =
        stack.lift(
            Role.CLIENT, UnaryOperator.identity(), "produce", table.toString(), "--task", "moons");
    assertThat(produced.code()).isEqualTo(1);
    assertThat(produced.text())
        .hasLineCount(1)
        .contains("does not grant 'Write on topic teamA.lift.rows'");
    Output deleted = stack.lift(Role.OPERATOR, UnaryOperator.identity(), "task", "delete", "moons");
    assertThat(deleted.code()).isEqualTo(1);
    assertThat(deleted.text())
        .hasLineCount(1)
        .contains("does not grant 'Write on topic teamA.lift.tasks'");
  }

  private static RequiredAcl right(Role role, ResourceType kind) {
    return role.rights(TOPICS).stream().filter(r -> r.kind() == kind).findFirst().orElseThrow();
  }

  private static Map<String, String> with(Map<String, String> settings, String key, String value) {
    Map<String, String> changed = new HashMap<>(settings);
    changed.put(key, value);
    return changed;
  }

  /** Runs all services at once, each until it ends by itself. */
  private static List<Output> runAll(
      String name, BiFunction<Role, Map<String, String>, Map<String, String>> change)
      throws Exception {
    ExecutorService all = Executors.newFixedThreadPool(Service.values().length);
    try {
      List<Future<Output>> running = new ArrayList<>();
      for (Service service : Service.values()) {
        Role role = Role.valueOf(service.name());
        running.add(
            all.submit(
                () ->
                    stack.run(
                        service,
                        service.title() + "-" + name,
                        settings -> change.apply(role, settings))));
      }
      List<Output> output = new ArrayList<>();
      for (Future<Output> ended : running) {
        output.add(ended.get(3, TimeUnit.MINUTES));
      }
      return output;
    } finally {
      all.shutdownNow();
    }
  }

  /** The one line of a service's log that tells of an error; there is no stack trace in it. */
  private static String sentence(Output output) {
    assertThat(output.text()).doesNotContain("\tat ").doesNotContain("Exception:");
    List<String> errors = output.text().lines().filter(line -> line.contains("Kafka at ")).toList();
    assertThat(errors).as(output.text()).hasSize(1);
    return errors.get(0);
  }

  private static Output succeed(Role role, String... arguments) throws Exception {
    Output output = stack.liftHere(role, arguments);
    assertThat(output.code()).as(output.text()).isZero();
    return output;
  }

  private static int count(int evaluator) {
    return Health.get(evaluator, "/metrics/moons")
        .map(body -> Json.read(body.getBytes(), Map.class))
        .map(metrics -> (Map<?, ?>) metrics.get("total"))
        .map(total -> ((Number) total.get("count")).intValue())
        .orElse(0);
  }

  private static int version(int trainer) {
    return Health.get(trainer, "/training")
        .map(body -> VERSION.matcher(body))
        .filter(Matcher::find)
        .map(found -> Integer.parseInt(found.group(1)))
        .orElse(0);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + 180_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within 3 minutes").isLessThan(deadline);
      Thread.sleep(200);
    }
  }
}
