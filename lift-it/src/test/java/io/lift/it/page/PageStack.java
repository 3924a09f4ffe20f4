package io.lift.it.page;

import io.lift.cli.base.Home;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.stack.Service;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.task.TaskProposal;
import io.lift.cli.term.ClientLogs;
import io.lift.cli.term.Terminal;
import io.lift.core.task.TaskType;
import io.lift.kafka.KafkaClients;
import io.lift.messages.EventMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Topics;
import io.lift.testing.TwoMoons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The packaged services on a broker, a browser before their page, and tasks to look at. */
final class PageStack implements AutoCloseable {
  /** The task of {@link #learn}. */
  static final String KNOWN = "moons";

  private static final int PHONE = 360;

  private final Workspace workspace;
  private final Stack stack;
  private final TestBrowser browser;
  private final String url;

  private PageStack(Workspace workspace, Stack stack, TestBrowser browser) {
    this.workspace = workspace;
    this.stack = stack;
    this.browser = browser;
    url = "http://127.0.0.1:" + stack.runFile().ports(Service.EVALUATOR).get(0);
  }

  static PageStack start(Path chromium) throws InterruptedException {
    // versions come from rows alone
    return start(chromium, "page-test", Map.of("lift.trainer.retraining-budget", "0"));
  }

  /** The same with settings of its own, in a folder of its own. */
  static PageStack start(Path chromium, String folder, Map<String, String> settings)
      throws InterruptedException {
    ClientLogs.quieten(false);
    Home home = Home.find();
    Workspace workspace = Workspace.claim(home, folder);
    Stack stack = null;
    try {
      stack =
          Stack.start(
              home,
              new StackOptions(workspace.directory(), Optional.empty(), 1, false, settings),
              new Terminal(System.out, false, 100));
      return new PageStack(workspace, stack, TestBrowser.start(chromium));
    } catch (RuntimeException | InterruptedException e) {
      if (stack != null) {
        stack.close();
      }
      workspace.close();
      throw e;
    }
  }

  Tab desktop(String route) {
    return browser.open(url, 1280, 900).go(route);
  }

  Tab phone() {
    return browser.open(url, PHONE, 740).go("");
  }

  ConnectionSettings kafka() {
    return stack.kafka();
  }

  /** Kills the service that serves the page, and starts it again. */
  void crashPage() throws IOException {
    stack.crash("evaluator");
  }

  /** A task with a checkpoint that knows the moons; made once. */
  void learn() throws InterruptedException {
    TwoMoons moons = new TwoMoons(2);
    if (!publish(KNOWN, moons)) {
      return;
    }
    try (RowSender rows = new RowSender(kafka(), KNOWN)) {
      send(rows, moons, 0, 300);
    }
    try (Tab tab = desktop("#/tasks/" + KNOWN)) {
      tab.await(() -> tab.tile("Rows in").innerText().equals("300"));
      tab.awaitText(".tiles", "none waiting");
    }
  }

  /** Makes a task of the moons; false if there is one of that name. */
  boolean publish(String task, TwoMoons moons) throws InterruptedException {
    List<Map<String, String>> sample =
        Stream.generate(moons::next)
            .limit(200)
            .map(p -> Map.of("x", "" + p.x(), "y", "" + p.y(), "moon", p.moon()))
            .toList();
    try (TaskRegistry tasks = new TaskRegistry(kafka())) {
      if (tasks.find(task).isPresent()) {
        return false;
      }
      tasks.publish(
          TaskProposal.infer(task, sample, "moon", TaskType.CLASSIFICATION, Map.of()).spec());
      return true;
    }
  }

  /** Writes an event, as a service would. */
  void tell(EventMessage event) {
    Topics topics = kafka().topics();
    try (KafkaProducer<byte[], byte[]> producer =
        KafkaClients.producer(kafka().client(), Map.of())) {
      producer.send(
          new ProducerRecord<>(
              topics.events().name(), HeaderValues.bytes(event.task()), Json.write(event)));
    }
  }

  /** Sends the rows {@code from}..{@code from + count - 1}. */
  static void send(RowSender rows, TwoMoons moons, int from, int count) {
    for (int i = from; i < from + count; i++) {
      rows.send(
          "moon-" + i,
          moons.next().json().getBytes(StandardCharsets.UTF_8),
          RowSender.Use.BOTH,
          null);
    }
    rows.flush();
  }

  @Override
  public void close() {
    browser.close();
    stack.close();
    workspace.close();
  }
}
