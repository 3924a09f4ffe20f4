package io.lift.it.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Chromium of this machine; nothing is downloaded. */
final class TestBrowser implements AutoCloseable {
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));

  private final Playwright playwright;
  private final Browser browser;

  private TestBrowser(Path executable) {
    PlaywrightAssertions.setDefaultAssertionTimeout(Tab.SOON);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(executable));
  }

  /** Where Chromium is, or what {@code -Dlift.test.chromium} says. */
  static Optional<Path> find() {
    String named = System.getProperty("lift.test.chromium");
    return named != null
        ? Optional.of(Path.of(named))
        : PLACES.stream().filter(Files::isExecutable).findFirst();
  }

  static TestBrowser start(Path executable) {
    return new TestBrowser(executable);
  }

  /** A tab with a cache and storage of its own. */
  Tab open(String url, int width, int height) {
    return new Tab(
        browser.newContext(
            new Browser.NewContextOptions().setBaseURL(url).setViewportSize(width, height)),
        url);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
