package io.lift.it.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.messages.ChartsMessage;
import io.lift.messages.EventMessage;
import io.lift.testing.TwoMoons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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
  /** A million with {@code -Dlift.test.predictions=1000000}; that takes some minutes. */
  private static final int PREDICTIONS = Integer.getInteger("lift.test.predictions", 5_000);

  @TempDir private Path directory;

  private static PageStack stack;

  @BeforeAll
  static void start() throws InterruptedException {
    Optional<Path> chromium = TestBrowser.find();
    if (chromium.isEmpty()) {
      System.out.println("LivePageIT is skipped: there is no Chromium on this machine.");
    }
    assumeTrue(chromium.isPresent(), "no Chromium");
    stack = PageStack.start(chromium.get());
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  /** First, while there is none. */
  @Test
  @Order(1)
  void withoutATaskThePageSaysHowToGetOne() {
    try (Tab tab = stack.desktop("")) {
      tab.awaitText("main", "No task yet");
      assertThat(tab.at("main")).containsText("lift task create");
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(2)
  void aDroppedFileBecomesATaskWhoseAccuracyRisesBeforeTheReadersEyes() {
    TwoMoons moons = new TwoMoons(1);
    try (Tab tab = stack.desktop("#/new");
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

      PageStack.send(rows, moons, 0, 8); // too few to answer from: the base model answers
      tab.await(() -> tab.scored() == 8);
      double before = tab.percent("Accuracy");
      PageStack.send(rows, moons, 8, 52);

      int sent = 60;
      while (sent < 200 || tab.percent("Accuracy") < Math.min(90, before + 15)) {
        assertThat(sent).as("rows sent without much of a rise").isLessThan(6_000);
        PageStack.send(rows, moons, sent, 20);
        sent += 20;
        String all = String.format(Locale.ROOT, "%,d", sent);
        tab.await(() -> tab.tile("Rows in").innerText().equals(all));
        if (sent == 200) { // enough for the first round, however long it takes
          assertThat(tab.tile("Checkpoint")).containsText("v");
        }
      }
      assertThat(tab.tile("Checkpoint")).containsText("v");
      assertThat(tab.at(".learning")).containsText("Majority class");
      assertThat(tab.at(".weights canvas")).isVisible();
      assertThat(tab.at(".weights .legend")).containsText("in context");
      assertThat(tab.at(".predictions tbody tr").first()).isVisible();
      assertThat((Boolean) tab.page().evaluate("() => window.notReloaded")).isTrue();
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(3)
  void aTriedRowIsAnsweredWithItsPromptAndProbabilities() throws InterruptedException {
    stack.learn();
    try (Tab tab = stack.desktop("#/tasks/" + PageStack.KNOWN + "/try")) {
      tab.predict("0.0", "1.0");

      assertThat(tab.at(".answer-big")).containsText("upper");
      assertThat(tab.at(".bars .data")).hasCount(2);
      assertThat(tab.at(".try-result .prompt")).containsText("When we have x1=");
      assertThat(tab.at(".contributions")).hasCount(0);
      tab.at("#try-explain").check();
      tab.button("Predict").click();
      tab.awaitText(".contributions", "What each column contributes");
      assertThat(tab.at(".contributions li")).hasCount(2);
      assertThat(tab.at(".contributions li").first())
          .hasText(Pattern.compile("[xy] [01].*[+-]?0\\.[0-9]{2}"));
      assertThat(tab.at(".contributions")).containsText("changed rows were answered");
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(4)
  void aRollBackIsSeenInTheNextPrediction() throws InterruptedException {
    stack.learn();
    try (Tab tab = stack.desktop("#/tasks/" + PageStack.KNOWN + "/checkpoints")) {
      tab.awaitText(".lineage", "v1");
      if (tab.at(".version").count() == 1) {
        try (RowSender rows = new RowSender(stack.kafka(), PageStack.KNOWN)) {
          PageStack.send(rows, new TwoMoons(3), 10_000, 40);
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
            tab.predict("0.0", "1.0");
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
    try (Tab tab = stack.desktop("")) {
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
      tab.awaitText(".proposal .prompt", "upper"); // what is to be learned now
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
    try (Tab tab = stack.desktop("#/new");
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
    stack.learn();
    try (Tab tab = stack.phone()) {
      Map<String, String> routes =
          Map.of(
              "#/",
              ".card",
              "#/tasks/" + PageStack.KNOWN,
              ".predictions tbody tr",
              "#/tasks/" + PageStack.KNOWN + "/try",
              ".fields",
              "#/tasks/" + PageStack.KNOWN + "/checkpoints",
              ".version",
              "#/tasks/" + PageStack.KNOWN + "/about",
              ".about table",
              "#/new",
              ".drop");
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
    try (Tab tab = stack.desktop("#/new")) {
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
    stack.publish(task, new TwoMoons(9));
    ManyPredictions.send(stack.kafka(), task, PREDICTIONS);
    try (Tab tab = stack.desktop("#/tasks/" + task)) {
      tab.await(Tab.SOON + PREDICTIONS, () -> tab.scored() == PREDICTIONS);
    }

    long opened = System.nanoTime();
    try (Tab tab = stack.desktop("#/tasks/" + task)) { // nothing of it is in this tab's cache
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

  @Test
  @Order(10)
  void aPredictionSaysWhichColumnsItsRowLackedAndATaskFromWhereOnItReads()
      throws InterruptedException {
    stack.publish("lacking", new TwoMoons(10));
    try (TaskRegistry tasks = new TaskRegistry(stack.kafka())) {
      TaskSpec spec = tasks.find("lacking").orElseThrow();
      List<Source> sources =
          List.of(Source.of("orders"), Source.read("events", "2026-11-29T08:00:00Z", 0));
      tasks.publish(spec.toBuilder().sources(sources).build());
    }
    try (RowSender rows = new RowSender(stack.kafka(), "lacking");
        Tab tab = stack.desktop("#/tasks/lacking")) {
      rows.send("r", "{\"x\": 0.5}".getBytes(StandardCharsets.UTF_8), RowSender.Use.BOTH, null);
      rows.flush();
      tab.awaitText(".predictions", "without y");

      tab.link("About").click();
      tab.awaitText("main", "lift.rows, orders, events from ");
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(11)
  void whatHappensToATaskIsListedAndAMarkSaysItUnderTheCursor() throws InterruptedException {
    stack.learn();
    try (Tab tab = stack.desktop("#/tasks/" + PageStack.KNOWN)) {
      assertThat(tab.at(".learning canvas")).isVisible();
      tab.await(() -> tab.scored() > 100);
      String sentence = "The accuracy of task known fell from 93 % to 61 % in the newest 48 rows.";
      stack.tell(
          EventMessage.drift(
              PageStack.KNOWN,
              new ChartsMessage.Drift(100, System.currentTimeMillis(), 0.93, 0.61, null),
              "accuracy",
              48,
              null,
              sentence));
      tab.awaitText(".events", sentence);

      for (String chart : List.of(".learning", ".weights")) {
        Locator tip = tab.at(chart + " .chart-tip");
        Locator over = tab.at(chart + " .u-over");
        over.scrollIntoViewIfNeeded();
        BoundingBox box = over.boundingBox();
        for (double x = 0; x < box.width && !tip.isVisible(); x += 4) {
          tab.page().mouse().move(box.x + x, box.y + box.height / 2);
        }
        assertThat(tip).containsText("Drift at row 100");
        assertThat(tip).containsText(sentence);
      }
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  @Order(12)
  void aTableOfDatesAndMessagesIsAskedByADateAndAMessage() {
    String[] messages = {"I was charged twice for this order", "My parcel has not arrived yet"};
    StringBuilder csv = new StringBuilder("sent,message,queue\n");
    for (int i = 0; i < 60; i++) {
      csv.append("2026-11-%02d 08:%02d,".formatted(1 + i % 28, i));
      csv.append("%s number %d,Q%d\n".formatted(messages[i % 2], i, 1 + i % 2));
    }
    try (Tab tab = stack.desktop("#/new")) {
      tab.awaitText(".drop", "Drop a CSV file here");
      tab.choose("inbox.csv", csv.toString());
      tab.awaitText(".labels", "Q2");
      tab.at("#label-0").fill("a message about money");
      tab.at("#label-1").fill("a message about delivery");
      assertThat(tab.at("#column-0")).hasValue("date");
      assertThat(tab.at("#column-1")).hasValue("text");
      tab.at("#target").selectOption("sent");
      assertThat(tab.at(".labels")).isHidden();
      tab.at("#target").selectOption("queue");
      assertThat(tab.at("#label-0")).hasValue("a message about money");
      tab.button("Start learning").click();
      tab.awaitText("h1", "inbox");
      tab.await(() -> tab.tile("Rows in").innerText().equals("60"));

      tab.link("Try a row").click();
      tab.awaitText(".fields", "a date, such as");
      assertThat(tab.at(".fields .field")).hasCount(2); // one for all columns of the date
      tab.button("Fill with typical values").click();
      assertThat(tab.at("#try-0")).hasValue(Pattern.compile("2026-11-1\\dT\\d\\d:\\d\\d"));
      tab.predict("2026-11-29", "Where is my parcel? It should have arrived");
      assertThat(tab.at(".answer-big")).containsText("Q2");
      assertThat(tab.at(".try-result .prompt")).containsText("Sunday");
      tab.link("About").click();
      tab.awaitText(".about", "Q1: a message about money");
      assertThat(tab.complaints()).isEmpty();
    }
  }

  /** Last, since it takes the service away for a while. */
  @Test
  @Order(13)
  void aLostConnectionIsSaidAndComesBackByItself() throws Exception {
    stack.learn();
    try (Tab tab = stack.desktop("#/tasks/" + PageStack.KNOWN)) {
      tab.awaitText(".connection", "Live");
      String rows = tab.tile("Rows in").innerText();
      stack.crashPage();
      tab.awaitText("#banner", "The connection is lost");
      assertThat(tab.tile("Rows in")).hasText(rows);
      tab.awaitText(".connection", "Live");
      assertThat(tab.at("#banner")).isEmpty();
      tab.await(() -> tab.tile("Rows in").innerText().equals(rows));
    }
  }

  private static Locator.GetByTextOptions exact() {
    return new Locator.GetByTextOptions().setExact(true);
  }
}
