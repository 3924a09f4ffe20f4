package io.lift.it.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import io.lift.cli.kafka.RowSender;
import io.lift.testing.OidcServer;
import io.lift.testing.TwoMoons;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The page in a real browser whose users sign in with an OpenID Connect provider, before the
 * packaged services and a real broker.
 */
class SignInIT {
  private static OidcServer provider;
  private static PageStack stack;

  @BeforeAll
  static void start() throws InterruptedException {
    Optional<Path> chromium = TestBrowser.find();
    if (chromium.isEmpty()) {
      System.out.println("SignInIT is skipped: there is no Chromium on this machine.");
    }
    assumeTrue(chromium.isPresent(), "no Chromium");
    provider = new OidcServer(true);
    stack =
        PageStack.start(
            chromium.get(),
            "sign-in-test",
            Map.of(
                "lift.http.oidc.issuer",
                provider.issuer(),
                "lift.http.oidc.client-secret",
                "a secret of the client, as long as it should be"));
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  @Test
  void aViewerSeesWhoIsSignedInAndIsOfferedNothingThatIsForOperators() throws Exception {
    TwoMoons moons = new TwoMoons(2);
    stack.publish(PageStack.KNOWN, moons);
    try (Tab tab = signIn("anna", "viewer");
        RowSender rows = new RowSender(stack.kafka(), PageStack.KNOWN)) {
      tab.awaitText("#caller", "anna");
      tab.awaitText("#caller", "viewer");
      tab.awaitText(".cards", PageStack.KNOWN);
      assertThat(tab.link("New task")).hasCount(0);
      tab.go("#/new");
      tab.awaitText("main", "This needs the role operator.");

      tab.go("#/tasks/" + PageStack.KNOWN + "/checkpoints");
      PageStack.send(rows, moons, 0, 100);
      tab.awaitText(".version", "v1");
      PageStack.send(rows, moons, 100, 200);
      Locator back = tab.at(".version button").first();
      assertThat(back).isVisible();
      assertThat(back).isDisabled();
      assertThat(back).hasAttribute("title", "This needs the role operator.");

      // who goes around the page is refused, and seen
      tab.page()
          .evaluate(
              "() => fetch('api/tasks/%s/rollback', {method: 'POST', body: '{\"version\": 1}'})"
                  .formatted(PageStack.KNOWN));
      tab.go("#/");
      tab.awaitText(
          ".actions-panel",
          "anna was refused to roll back task " + PageStack.KNOWN + ": The role operator");

      tab.button("Sign out").click();
      tab.awaitText("main", "You have signed out.");
      assertThat(tab.link("Sign in")).isVisible();
    }
  }

  @Test
  void anOperatorCreatesATaskAndThePageSaysWhoDidIt() {
    try (Tab tab = signIn("olaf", "operator")) {
      tab.awaitText("#caller", "olaf");
      tab.awaitText("#caller", "operator");
      tab.go("#/new");
      tab.drop("signed.csv", new TwoMoons(1).csv(200));
      tab.awaitText(".columns", "moon");
      tab.at("#target").selectOption("moon");
      tab.awaitText(".proposal", "When we have");
      tab.button("Start learning").click();
      tab.awaitText("h1", "signed");
      tab.go("#/");
      tab.awaitText(".actions-panel", "olaf created task signed.");
    }
  }

  @Test
  void whoHasNoRoleIsToldSo() {
    try (Tab tab = signIn("otto", "nothing")) {
      tab.awaitText("main", "needs the role viewer, which 'otto' lacks");
      assertThat(tab.button("Sign out")).isVisible();
    }
  }

  /** The page leads to the provider, which asks for a name and believes every claim. */
  private static Tab signIn(String name, String role) {
    Tab tab = stack.desktop("");
    tab.at("input[name=username]").fill(name);
    tab.at("textarea[name=claims]")
        .fill("{\"preferred_username\": \"%s\", \"roles\": [\"%s\"]}".formatted(name, role));
    tab.at("input[type=submit], button[type=submit]").first().click();
    return tab;
  }
}
