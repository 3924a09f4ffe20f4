package io.lift.service.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** What a browser sees that is not signed in, or may not do anything. */
final class LoginPage {
  private static final String FORM =
      """
      <form method="post" action="/login">
      <label>Token <input name="token" type="password" required autofocus
       autocomplete="current-password"></label>
      <button>Sign in</button>
      </form>
      """;
  private static final String LINK = "<p><a href=\"/login/oidc\">Sign in</a></p>\n";
  private static final String LINK_BESIDE_FORM =
      "<p>or <a href=\"/login/oidc\">sign in with your account</a></p>\n";
  private static final String SIGN_OUT =
      "<form method=\"post\" action=\"/logout\"><button>Sign out</button></form>\n";

  private LoginPage() {}

  /** Whether a request comes from the address line of a browser, or from a link. */
  static boolean wanted(HttpServerRequest request) {
    String method = request.method().name();
    String accept = request.getHeader("Accept");
    return (method.equals("GET") || method.equals("HEAD"))
        && accept != null
        && accept.contains("text/html");
  }

  /**
   * The ways to sign in.
   *
   * @param form whether there is a form for the token
   * @param oidc whether there is a provider
   * @param message HTML above them
   */
  static void send(
      HttpServerResponse response, int status, boolean form, boolean oidc, String message) {
    String link = form ? LINK_BESIDE_FORM : LINK;
    send(response, status, message + (form ? FORM : "") + (oidc ? link : ""));
  }

  /** Why somebody who has signed in sees nothing. */
  static void refuse(HttpServerResponse response, Problem problem) {
    send(
        response,
        problem.status(),
        "<p role=\"alert\">" + text(problem.detail()) + "</p>" + SIGN_OUT);
  }

  private static String text(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static void send(HttpServerResponse response, int status, String content) {
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>Lift</title>
            <main>
            <h1>Lift</h1>
            %s
            </main>
            """
                .formatted(content));
  }
}
