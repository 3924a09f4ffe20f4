package io.lift.it.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A tab that shows the page, and notes whatever a sound page never does. */
final class Tab implements AutoCloseable {
  /** Long, since other work may share the machine; what is awaited comes in a second or two. */
  static final double SOON = 120_000;

  private final BrowserContext context;
  private final Page page;
  private final List<String> complaints = new ArrayList<>();

  Tab(BrowserContext context, String url) {
    this.context = context;
    context.setDefaultTimeout(SOON);
    page = context.newPage();
    page.onPageError(error -> complaints.add("script error: " + error));
    page.onDialog(this::dismiss);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) { // breaches of the security policy too
            complaints.add("console: " + message.text());
          }
        });
    page.onRequest(
        request -> {
          if (!request.url().startsWith(url) && !request.url().startsWith("data:")) {
            complaints.add("request to another place: " + request.url());
          }
        });
  }

  private void dismiss(Dialog dialog) {
    complaints.add("dialog: " + dialog.message());
    dialog.dismiss();
  }

  Page page() {
    return page;
  }

  /** Everything that should not have happened. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  Tab go(String route) {
    page.navigate("/" + route);
    return this;
  }

  Locator at(String selector) {
    return page.locator(selector);
  }

  Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  Locator link(String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** Waits until an element holds a text. */
  void awaitText(String selector, String text) {
    assertThat(at(selector)).containsText(text);
  }

  /** Waits until something holds of the page; asked by this thread, as Playwright wants it. */
  void await(BooleanSupplier condition) {
    await(SOON, condition);
  }

  void await(double millis, BooleanSupplier condition) {
    page.waitForCondition(condition, new Page.WaitForConditionOptions().setTimeout(millis));
  }

  /** The value of one of the figures at the top of a task. */
  Locator tile(String name) {
    return at(".tile").filter(new Locator.FilterOptions().setHasText(name)).locator(".tile-value");
  }

  /** A figure in percent at the top of a task; 0 while there is none. */
  double percent(String tile) {
    String text = tile(tile).innerText().toLowerCase(Locale.ROOT).replace("%", "").strip();
    return text.equals("–") ? 0 : Double.parseDouble(text);
  }

  /** How many rows of a task have been scored. */
  int scored() {
    Locator count = at(".metrics tbody tr").first().locator("td").last();
    String text = count.innerText().replace(",", "");
    return text.matches("\\d+") ? Integer.parseInt(text) : 0;
  }

  /** Asks for the prediction of a row with two features. */
  void predict(String first, String second) {
    at("#try-0").fill(first);
    at("#try-1").fill(second);
    button("Predict").click();
    assertThat(button("Predict")).isEnabled();
    assertThat(at(".answer-view")).isVisible();
  }

  /** Lets a file fall where files may be dropped. */
  void drop(String name, String content) {
    page.locator(".drop")
        .dispatchEvent(
            "drop",
            Map.of(
                "dataTransfer",
                page.evaluateHandle(
                    "([name, content]) => {"
                        + " const carried = new DataTransfer();"
                        + " carried.items.add(new File([content], name, {type: 'text/csv'}));"
                        + " return carried; }",
                    List.of(name, content))));
  }

  /** Chooses a file as the operating system's dialogue would. */
  void choose(String name, String content) {
    at("#csv")
        .setInputFiles(new FilePayload(name, "text/csv", content.getBytes(StandardCharsets.UTF_8)));
  }

  /** Presses Tab until the element has the focus. */
  void tabTo(String selector) {
    for (int presses = 0; presses < 80; presses++) {
      page.keyboard().press("Tab");
      if ((Boolean) page.evaluate("s => document.activeElement.matches(s)", selector)) {
        return;
      }
    }
    throw new AssertionError("the keyboard does not reach " + selector);
  }

  /** How far the page is wider than its window, in pixels. */
  int overhang() {
    return (Integer)
        page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
  }

  @Override
  public void close() {
    context.close();
  }
}
