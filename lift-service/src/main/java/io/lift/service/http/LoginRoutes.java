package io.lift.service.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;

/** The form at {@code /login}, which gives a browser the cookie of {@link TokenAuthentication}. */
@ApplicationScoped
public class LoginRoutes {
  static final String PATH = "/login";

  private static final int MAX_FORM_BYTES = 4096;

  private final TokenAuthentication authentication;

  LoginRoutes(TokenAuthentication authentication) {
    this.authentication = authentication;
  }

  void register(@Observes Router router) {
    router.get(PATH).handler(context -> form(context.response(), false));
    router.post(PATH).handler(this::login);
  }

  /** Reads the form and, if the token is right, hands out the cookie. */
  private void login(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    String length = request.getHeader("Content-Length");
    if (length == null
        || !length.matches("\\d{1,9}")
        || Integer.parseInt(length) > MAX_FORM_BYTES) {
      Problem.of(413).sendUnread(request);
      return;
    }
    request.setExpectMultipart(true); // reads urlencoded forms too
    request.endHandler(
        end -> {
          String given = request.getFormAttribute("token");
          Optional<AccessToken> token =
              authentication.token().filter(secret -> secret.accepts(given));
          token.ifPresentOrElse(
              secret -> signIn(request, response, secret), () -> form(response, true));
        });
  }

  private static void signIn(
      HttpServerRequest request, HttpServerResponse response, AccessToken token) {
    response.addCookie(
        Cookie.cookie(TokenAuthentication.COOKIE, token.session())
            .setPath("/")
            .setHttpOnly(true)
            .setSecure(request.isSSL())
            .setSameSite(CookieSameSite.STRICT));
    response.setStatusCode(303).putHeader("Location", "/").end();
  }

  private static void form(HttpServerResponse response, boolean wrong) {
    response
        .setStatusCode(wrong ? 401 : 200)
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
            <form method="post" action="/login">
            <label>Token <input name="token" type="password" required autofocus
             autocomplete="current-password"></label>
            <button>Sign in</button>
            </form>
            </main>
            """
                .formatted(wrong ? "<p role=\"alert\">That is not the token.</p>" : ""));
  }
}
