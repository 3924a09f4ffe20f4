package io.lift.it.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.cli.base.Home;
import io.lift.cli.term.ClientLogs;
import io.lift.core.table.CsvTable;
import io.lift.it.Program;
import io.lift.it.examples.FencedCommands.Command;
import io.lift.messages.Json;
import io.lift.testing.TopicClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the README and of the user guide, as written and in their order. */
class DocumentedCommandsIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String APPLICATIONS = "bank.public.applications";

  /** What cannot be run here, and why. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "kafka-", "needs a Kafka distribution",
          "connect-standalone", "needs Kafka Connect and PostgreSQL",
          "mvn ", "is the build that runs this",
          "sha256sum ", "is of an archive",
          "unzip ", "is of an archive",
          "bin/lift ", "is of an archive",
          "forget.json", "is the file of the command after it");

  /** Commands that go on until they are stopped. */
  private static final List<String> ENDLESS = List.of("predictions.py", "Predictions.java");

  private static final Pattern PREDICTION = Pattern.compile(" answered \\{| by version \\d");

  @TempDir Path folder;
  private Path root;
  private String kafka;
  private int number;

  @Test
  void everyCommandOfReadmeAndGuideWorksAsWritten() throws Exception {
    ClientLogs.quieten(false);
    root = Home.find().root();
    prepare();
    assertThat(runAll(root.resolve("README.md"))).isGreaterThanOrEqualTo(8);
    bash("rm -r .lift/up"); // the guide begins with nothing
    assertThat(runAll(root.resolve("docs/guide.md"))).isGreaterThanOrEqualTo(15);
  }

  /** Runs the commands of a page, and returns how many. */
  private int runAll(Path page) throws Exception {
    int run = 0;
    try {
      for (Command command : FencedCommands.of(page)) {
        String reason = reason(command.text());
        if (reason != null) {
          System.out.println("Not run: " + command + " – " + reason);
          continue;
        }
        before(command.text());
        run(command);
        run++;
      }
      return run;
    } finally {
      bash("./lift down");
    }
  }

  /** A folder in which the commands find what they name, with a state of its own. */
  private void prepare() throws Exception {
    Files.createSymbolicLink(folder.resolve("docs"), root.resolve("docs"));
    Files.createSymbolicLink(folder.resolve("lift-cli"), root.resolve("lift-cli"));
    // the native libraries are unpacked once for all
    Files.createDirectories(folder.resolve(".lift"));
    Files.createSymbolicLink(folder.resolve(".lift/djl"), Home.find().djlCache());
    if (Files.isExecutable(Path.of(Program.python()))) {
      Files.createDirectories(folder.resolve("bin"));
      Files.createSymbolicLink(folder.resolve("bin/python3"), Path.of(Program.python()));
    }
    String script =
        String.join(
            "\n",
            "#!/bin/sh",
            "exec '" + Program.java() + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \\",
            "  -Dlift.home='" + root + "' -Dlift.state='" + folder.resolve(".lift") + "' \\",
            "  -cp '" + root.resolve("lift-cli/target/lift-cli.jar") + "' io.lift.cli.Lift \"$@\"",
            "");
    Path lift = Files.writeString(folder.resolve("lift"), script);
    Files.setPosixFilePermissions(lift, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String reason(String command) throws Exception {
    for (Map.Entry<String, String> elsewhere : ELSEWHERE.entrySet()) {
      if (command.contains(elsewhere.getKey())) {
        return elsewhere.getValue();
      }
    }
    boolean needsKafka = command.contains("ask.py") || command.contains("predictions.py");
    if (needsKafka && !Program.pythonHas("confluent_kafka", folder)) {
      return "needs python3-confluent-kafka";
    }
    if (command.startsWith("python3 ") && !Program.pythonHas("json", folder)) {
      return "needs Python";
    }
    return command.startsWith("curl ") && !has("curl") ? "needs curl" : null;
  }

  private static boolean has(String program) {
    for (String directory : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /** What a reader has of their own when they come to the command. */
  private void before(String command) throws Exception {
    if (command.contains("task infer approvals")) {
      if (command.contains("--format debezium")) {
        bash("./lift task delete approvals");
      } else {
        writeApplications();
      }
    } else if (command.contains("offers.csv")) {
      writeOffers();
    } else if (command.contains("--to loans.predictions")) {
      bash("./lift task delete loans");
    } else if (ENDLESS.stream().anyMatch(command::contains)) {
      bash("./lift produce docs/example/loans.csv --task loans");
    } else if (command.contains("checkpoint export")) {
      bash("./lift produce docs/example/loans.csv --task loans");
      awaitSuccess("./lift checkpoint export loans --to earlier");
    } else if (command.equals("./lift status")) {
      awaitSuccess(command); // on a busy machine a service may not be ready for a moment
    }
  }

  private void awaitSuccess(String command) {
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> bash(command + " && echo is there").endsWith("is there\n"));
  }

  /** Change events of Debezium, as its JSON converter writes them without schemas. */
  private void writeApplications() throws Exception {
    try (CsvTable loans = CsvTable.open("loans", root.resolve("docs/example/loans.csv"), null);
        TopicClient client = new TopicClient(kafka)) {
      client.create(APPLICATIONS, 1);
      List<String> columns = List.copyOf(loans.columns());
      int id = 0;
      for (Map<String, String> row : loans) {
        Map<String, Object> after = new LinkedHashMap<>();
        after.put("id", ++id);
        for (String column : columns) {
          String name = column.equals("group") ? "decision" : column;
          String cell = row.get(column);
          after.put(name, cell.matches("\\d+") ? (Object) Long.valueOf(cell) : cell);
        }
        after.put("decided_at", "2026-11-29T08:00:00Z");
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("before", null);
        event.put("after", after);
        event.put("source", Map.of("connector", "postgresql", "table", "applications"));
        event.put("op", "c");
        event.put("ts_ms", 1_764_400_000_000L);
        client.sendLater(
            new ProducerRecord<>(APPLICATIONS, Json.write(Map.of("id", id)), Json.write(event)));
      }
    }
  }

  private void writeOffers() throws Exception {
    StringBuilder table = new StringBuilder("income,used,limit,accept\n");
    for (int i = 0; i < 300; i++) {
      int income = 12_646 + i * 7_919 % 160_000;
      int used = i * 37 % 101;
      String accept = income > 60_000 ^ used > 70 ? "yes" : "no";
      table.append(
          String.format(
              Locale.ROOT, "\"$%,d.69\",%d%%,\"%,d\",%s%n", income, used, income * 3, accept));
    }
    Files.writeString(folder.resolve("offers.csv"), table);
  }

  private void run(Command command) throws Exception {
    if (command.text().startsWith("KAFKA=")) {
      kafka = bash(command.text() + "\necho \"$KAFKA\"").strip();
      assertThat(kafka).as(command.toString()).matches("127\\.0\\.0\\.1:\\d+");
      return;
    }
    String text = command.text();
    Matcher address = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(text);
    if (address.find()) {
      text = address.replaceAll(inference());
    }
    try (Program program = start(text)) {
      if (ENDLESS.stream().anyMatch(text::contains)) {
        Awaitility.await().atMost(LIMIT).until(() -> PREDICTION.matcher(program.output()).find());
        return;
      }
      assertThat(program.end()).as(command + "\n" + program.output()).isZero();
      assertThat(program.output()).as(command.toString()).isNotBlank();
    }
  }

  /** The address of the inference service, as {@code lift status} shows it. */
  private String inference() throws Exception {
    Matcher line =
        Pattern.compile("(?m)^inference +ready +\\d+ +(\\S+)").matcher(bash("./lift status"));
    assertThat(line.find()).isTrue();
    return "http://" + line.group(1);
  }

  private String bash(String command) throws Exception {
    try (Program program = start(command)) {
      program.end();
      return program.output();
    }
  }

  private Program start(String command) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    if (kafka != null) {
      environment.put("KAFKA", kafka);
    }
    Path output = folder.resolve("command-" + number++ + ".log");
    return new Program(folder, output, environment, List.of("bash", "-c", command));
  }
}
