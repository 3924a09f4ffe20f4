package io.lift.it.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.lift.cli.base.Home;
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
import io.lift.testing.TwoMoons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The live page in a real browser, before the packaged services and a real broker. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LivePageIT {
  private static final String KNOWN = "moons";
  private static final int PHONE = 360;

  /** A million with {@code -Dlift.test.predictions=1000000}; that takes some minutes. */
  private static final int PREDICTIONS = Integer.getInteger("lift.test.predictions", 5_000);

  @TempDir private Path directory;

  private static Workspace workspace;
  private static Stack stack;
  private static TestBrowser browser;
  private static String url;

  @BeforeAll
  static void start() throws InterruptedException {
    Optional<Path> chromium = TestBrowser.find();
    if (chromium.isEmpty()) {
      System.out.println("LivePageIT is skipped: there is no Chromium on this machine.");
    }
    assumeTrue(chromium.isPresent(), "no Chromium");
    ClientLogs.quieten(false);
    Home home = Home.find();
    workspace = Workspace.claim(home, "page-test");
    stack =
        Stack.start(
            home,
            new StackOptions(
                workspace.directory(),
                Optional.empty(),
                1,
                false,
                Map.of("lift.trainer.retraining-budget", "0")), // versions come from rows alone
            new Terminal(System.out, false, 100));
    url = "http://127.0.0.1:" + stack.runFile().ports(Service.EVALUATOR).get(0);
    browser = TestBrowser.start(chromium.get());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (stack != null) {
      stack.close();
    }
    if (workspace != null) {
      workspace.close();
    }
  }

  /** First, while there is none. */
  @Test
  @Order(1)
  void withoutATaskThePageSaysHowToGetOne() {
    try (Tab tab = desktop("")) {
      tab.awaitText("main", "No task yet");
      assertThat(tab.at("main")).containsText("lift task create");
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(2)
  void aDroppedFileBecomesATaskWhoseAccuracyRisesBeforeTheReadersEyes() {
    TwoMoons moons = new TwoMoons(1);
    try (Tab tab = desktop("#/new");
        RowSender rows = new RowSender(stack.kafka(), "dropped")) {
      tab.page().evaluate("() => { window.notReloaded = true; }");
      tab.awaitText(".drop", "Drop a CSV file here");
      tab.drop("dropped.csv", moons.csv(200));
      tab.awaitText(".columns", "moon");
      tab.at("#target").selectOption("moon");
      tab.awaitText(".proposal", "When we have");
      tab.at("#send").uncheck(); // the rows are to come one by one
      tab.button("Start learning").click();
      tab.awaitText("h1", "dropped");
      tab.awaitText("main", "Nothing has been scored yet");

      send(rows, moons, 0, 60); // too few for a round: the base model answers
      tab.await(() -> scored(tab) == 60);
      double before = percent(tab.tile("Accuracy"));

      int sent = 60;
      while (percent(tab.tile("Accuracy")) < before + 15) {
        assertThat(sent).as("rows sent without much of a rise").isLessThan(6_000);
        send(rows, moons, sent, 20);
        sent += 20;
        String all = String.format(Locale.ROOT, "%,d", sent);
        tab.await(() -> tab.tile("Rows in").innerText().equals(all));
        if (sent == 200) { // enough for the first round, however long it takes
          assertThat(tab.tile("Checkpoint")).containsText("v");
        }
      }
      assertThat(tab.tile("Checkpoint")).containsText("v");
      assertThat(tab.at(".learning")).containsText("Majority class");
      assertThat(tab.at(".predictions tbody tr").first()).isVisible();
      assertThat((Boolean) tab.page().evaluate("() => window.notReloaded")).isTrue();
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(3)
  void aTriedRowIsAnsweredWithItsPromptAndProbabilities() throws InterruptedException {
    learn();
    try (Tab tab = desktop("#/tasks/" + KNOWN + "/try")) {
      answer(tab, "0.0", "1.0");

      assertThat(tab.at(".answer-big")).containsText("upper");
      assertThat(tab.at(".bars .data")).hasCount(2);
      assertThat(tab.at(".try-result .prompt")).containsText("When we have x1=");
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(4)
  void aRollBackIsSeenInTheNextPrediction() throws InterruptedException {
    learn();
    try (Tab tab = desktop("#/tasks/" + KNOWN + "/checkpoints")) {
      tab.awaitText(".lineage", "v1");
      if (tab.at(".version").count() == 1) {
        try (RowSender rows = new RowSender(stack.kafka(), KNOWN)) {
          send(rows, new TwoMoons(3), 10_000, 40);
        }
        tab.awaitText(".lineage", "v2");
      }
      tab.at("[data-version='1']").getByText("Roll back").click();
      tab.at("dialog").getByText("Roll back", exact()).last().click();
      tab.awaitText(".notice", "has the weights of version 1");
      tab.awaitText(".version.current", "weights of v1");
      String current = tab.at(".version.current").getAttribute("data-version");

      tab.link("Try a row").click();
      tab.await(
          () -> {
            answer(tab, "0.0", "1.0");
            String by = tab.at(".answer-view").innerText();
            return by.contains("Answered by checkpoint v" + current);
          });
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(5)
  void aTaskIsMadeAndARowTriedWithTheKeyboardAlone() throws IOException {
    String table = new TwoMoons(5).csv(120).replaceAll("(?m)^(.*),(.*),(.*)$", "$3,$1,$2");
    Path file = Files.writeString(directory.resolve("keys.csv"), table);
    try (Tab tab = desktop("")) {
      Page page = tab.page();
      page.onFileChooser(chooser -> {}); // now, or the browser may open one of its own first
      tab.awaitText("h1", "Tasks");
      page.keyboard().press("Tab");
      assertThat(tab.at(".skip-link")).isFocused();
      tab.tabTo("[data-nav=create]");
      page.keyboard().press("Enter");
      tab.awaitText("h1", "New task");
      chooser(tab).setFiles(file);
      assertThat(tab.at("#target")).isFocused();
      page.keyboard().press("m"); // the column that begins so
      assertThat(tab.at("#target")).hasValue("moon");
      tab.awaitText(".proposal .prompt", "upper"); // what is to be learnt now
      tab.tabTo(".finish button[type=submit]:not(:disabled)");
      page.keyboard().press("Enter");
      tab.awaitText("h1", "keys");
      tab.await(() -> tab.tile("Rows in").innerText().equals("120"));

      tab.tabTo("nav.pages a[href$='/try']");
      page.keyboard().press("Enter");
      tab.tabTo("#try-0");
      page.keyboard().type("0.0");
      tab.tabTo("#try-1");
      page.keyboard().type("1.0");
      page.keyboard().press("Enter");
      assertThat(tab.at(".answer-big")).isVisible();
      assertThat(tab.complaints()).isEmpty();
    }
  }

  /** Opened with the keyboard. */
  private static FileChooser chooser(Tab tab) {
    tab.tabTo("#csv");
    return tab.page().waitForFileChooser(() -> tab.page().keyboard().press("Enter"));
  }

  @Test
  @Order(6)
  void whatStandsInRowsIsShownAndNeverRun() {
    String label = "<script>window.executed=1</script>";
    String image = "<img src=x onerror=window.executed=1>";
    String reversed = "\u202egnp.exe";
    StringBuilder csv = new StringBuilder();
    csv.append(image).append(',').append(reversed);
    csv.append(",__proto__,javascript:window.executed=1//,kind\n");
    for (int i = 0; i < 120; i++) {
      boolean even = i % 2 == 0;
      List<String> row =
          List.of(
              even ? "<svg onload=window.executed=1>" : "plain",
              i % 3 == 0 ? "\u202eab" : "\u2066cd",
              "constructor",
              "' onmouseover=window.executed=1 '",
              even ? label : "\u200fdl");
      csv.append(String.join(",", row)).append('\n');
    }
    try (Tab tab = desktop("#/new");
        RowSender rows = new RowSender(stack.kafka(), "hostile")) {
      tab.awaitText(".drop", "Drop a CSV file here");
      tab.choose("hostile.csv", csv.toString());
      tab.awaitText(".columns", image);
      assertThat(tab.at(".columns")).containsText("\\u202Egnp.exe");
      tab.at("#target").selectOption("kind");
      tab.awaitText("#target", "kind");
      tab.button("Start learning").click();
      tab.awaitText("h1", "hostile");
      tab.awaitText(".predictions", label);
      tab.awaitText(".confusion", label);

      byte[] broken =
          ("{\"" + image + "\": [" + "\"" + label + "\"]}").getBytes(StandardCharsets.UTF_8);
      rows.send(label, broken, RowSender.Use.BOTH, null);
      rows.flush();
      tab.awaitText("nav.pages", "Dead letters (1)");
      tab.at("nav.pages a[href$='dead-letters']").click();
      tab.awaitText(".letters", label);

      tab.link("Try a row").click();
      tab.awaitText(".fields", image);
      tab.button("Fill with typical values").click();
      tab.button("Predict").click();
      tab.awaitText(".answer-view", "Answered by");
      tab.awaitText(".bars", label);
      tab.link("Checkpoints").click();
      assertThat(tab.at(".lineage")).isAttached();
      tab.link("About").click();
      tab.awaitText(".about", image);

      assertThat(tab.page().evaluate("() => window.executed ?? null")).isNull();
      assertThat(tab.at("main img, main script, main [onload], main [onerror], main [onmouseover]"))
          .hasCount(0);
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(7)
  void onAPhoneNothingIsWiderThanTheScreen() throws InterruptedException {
    learn();
    try (Tab tab = browser.open(url, PHONE, 740)) {
      Map<String, String> routes =
          Map.of(
              "#/",
              ".card",
              "#/tasks/" + KNOWN,
              ".predictions tbody tr",
              "#/tasks/" + KNOWN + "/try",
              ".fields",
              "#/tasks/" + KNOWN + "/checkpoints",
              ".version",
              "#/tasks/" + KNOWN + "/about",
              ".about table",
              "#/new",
              ".drop");
      tab.go("");
      routes.forEach(
          (route, part) -> {
            tab.go(route);
            assertThat(tab.at(part).first()).isVisible();
            assertThat(tab.overhang()).as("overhang of %s in pixels", route).isZero();
          });
      tab.go("#/new");
      tab.choose("phone.csv", new TwoMoons(7).csv(50));
      tab.awaitText(".columns", "moon");
      assertThat(tab.overhang()).as("overhang of the proposal in pixels").isZero();
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(8)
  void brokenFilesAreRefusedInOneSentenceAndTheNextOneIsRead() {
    try (Tab tab = desktop("#/new")) {
      tab.awaitText(".drop", "Drop a CSV file here");
      tab.choose("ragged.csv", "a,b\n1,2\n1,2,3\n");
      tab.awaitText("[role=alert] .notice", "line");
      tab.choose("empty.csv", "");
      assertThat(tab.at("[role=alert] .notice")).not().containsText("line 3");
      tab.choose("good.csv", "\ufeffa;b\n1;yes\n2;no\n3;yes\n4;no\n");
      tab.awaitText(".columns", "yes");
      assertThat(tab.at("[role=alert] .notice")).hasCount(0);
      assertThat(tab.complaints()).allMatch(complaint -> complaint.contains("400"));
    }
  }

  @Test
  @Order(9)
  void thePageIsUsableSoonAfterItIsOpenedWhateverLiesBehindIt() throws InterruptedException {
    String task = "long-past";
    publish(task, new TwoMoons(9));
    ManyPredictions.send(stack.kafka(), task, PREDICTIONS);
    try (Tab tab = desktop("#/tasks/" + task)) {
      tab.await(Tab.SOON + PREDICTIONS, () -> scored(tab) == PREDICTIONS);
    }

    long opened = System.nanoTime();
    try (Tab tab = desktop("#/tasks/" + task)) { // nothing of it is in this tab's cache
      assertThat(tab.at(".predictions tbody tr").nth(9)).isVisible();
      assertThat(tab.at(".learning canvas")).isVisible();
      tab.link("Try a row").click();
      assertThat(tab.at("#try-0")).isEditable();
      long millis = (System.nanoTime() - opened) / 1_000_000;
      System.out.printf(
          Locale.ROOT,
          "The page was usable %,d ms after it was opened, with %,d predictions behind it.%n",
          millis,
          PREDICTIONS);
      assertThat(tab.complaints()).isEmpty();
    }
  }

  /** Last, since it takes the service away for a while. */
  @Test
  @Order(10)
  void aLostConnectionIsSaidAndComesBackByItself() throws Exception {
    learn();
    try (Tab tab = desktop("#/tasks/" + KNOWN)) {
      tab.awaitText(".connection", "Live");
      String rows = tab.tile("Rows in").innerText();
      stack.crash("evaluator");
      tab.awaitText("#banner", "The connection is lost");
      assertThat(tab.tile("Rows in")).hasText(rows);
      tab.awaitText(".connection", "Live");
      assertThat(tab.at("#banner")).isEmpty();
      tab.await(() -> tab.tile("Rows in").innerText().equals(rows));
    }
  }

  private static Tab desktop(String route) {
    return browser.open(url, 1280, 900).go(route);
  }

  /** A task with a checkpoint that knows the moons; made once. */
  private static void learn() throws InterruptedException {
    TwoMoons moons = new TwoMoons(2);
    if (!publish(KNOWN, moons)) {
      return;
    }
    try (RowSender rows = new RowSender(stack.kafka(), KNOWN)) {
      send(rows, moons, 0, 300);
    }
    try (Tab tab = desktop("#/tasks/" + KNOWN)) {
      tab.await(() -> tab.tile("Rows in").innerText().equals("300"));
      tab.awaitText(".tiles", "none waiting");
    }
  }

  /** Makes a task of the moons; false if there is one of that name. */
  private static boolean publish(String task, TwoMoons moons) throws InterruptedException {
    List<Map<String, String>> sample =
        Stream.generate(moons::next)
            .limit(200)
            .map(p -> Map.of("x", "" + p.x(), "y", "" + p.y(), "moon", p.moon()))
            .toList();
    try (TaskRegistry tasks = new TaskRegistry(stack.kafka())) {
      if (tasks.find(task).isPresent()) {
        return false;
      }
      tasks.publish(
          TaskProposal.infer(task, sample, "moon", TaskType.CLASSIFICATION, List.of()).spec());
      return true;
    }
  }

  private static void send(RowSender rows, TwoMoons moons, int from, int count) {
    for (int i = from; i < from + count; i++) {
      rows.send(
          "moon-" + i,
          moons.next().json().getBytes(StandardCharsets.UTF_8),
          RowSender.Use.BOTH,
          null);
    }
    rows.flush();
  }

  private static void answer(Tab tab, String x, String y) {
    tab.at("#try-0").fill(x);
    tab.at("#try-1").fill(y);
    tab.button("Predict").click();
    assertThat(tab.button("Predict")).isEnabled();
    assertThat(tab.at(".answer-view")).isVisible();
  }

  private static Locator.GetByTextOptions exact() {
    return new Locator.GetByTextOptions().setExact(true);
  }

  private static int scored(Tab tab) {
    Locator count = tab.at(".metrics tbody tr").first().locator("td").last();
    String text = count.innerText().replace(",", "");
    return text.matches("\\d+") ? Integer.parseInt(text) : 0;
  }

  private static double percent(Locator figure) {
    String text = figure.innerText().toLowerCase(Locale.ROOT).replace("%", "").strip();
    return text.equals("–") ? 0 : Double.parseDouble(text);
  }
}
