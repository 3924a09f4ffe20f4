package io.lift.service.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where browsers sign in and out: the form at {@code /login} gives the cookie of {@link
 * CallerAuthentication}, and {@code /login/oidc} goes to the OpenID Connect provider and back.
 */
@ApplicationScoped
public class LoginRoutes {
  static final String PATH = "/login";
  static final String OIDC_PATH = "/login/oidc";
  static final String LOGOUT_PATH = "/logout";

  private static final int MAX_FORM_BYTES = 4096;

  /** How the names of Quarkus's session cookies begin; a large session has several. */
  private static final String OIDC_COOKIE = "q_session";

  private final CallerAuthentication authentication;

  LoginRoutes(CallerAuthentication authentication) {
    this.authentication = authentication;
  }

  void register(@Observes Router router) {
    router.get(PATH).handler(context -> form(context.response(), 200, ""));
    router.post(PATH).handler(this::login);
    // only who has signed in comes here, see the permission of this path
    router.get(OIDC_PATH).handler(context -> redirect(context.response(), "/"));
    router.post(LOGOUT_PATH).handler(this::logout);
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
              secret -> signIn(request, response, secret),
              () -> form(response, 401, "<p role=\"alert\">That is not the token.</p>"));
        });
  }

  private static void signIn(
      HttpServerRequest request, HttpServerResponse response, AccessToken token) {
    response.addCookie(
        Cookie.cookie(CallerAuthentication.COOKIE, token.session())
            .setPath("/")
            .setHttpOnly(true)
            .setSecure(request.isSSL())
            .setSameSite(CookieSameSite.STRICT));
    redirect(response, "/");
  }

  private void logout(RoutingContext context) {
    forgetSession(context.request());
    form(context.response(), 200, "<p role=\"status\">You have signed out.</p>");
  }

  /** Takes the cookies of both kinds of sessions from a browser. */
  static void forgetSession(HttpServerRequest request) {
    List<String> names = new ArrayList<>();
    for (Cookie cookie : request.cookies()) {
      if (cookie.getName().equals(CallerAuthentication.COOKIE)
          || cookie.getName().startsWith(OIDC_COOKIE)) {
        names.add(cookie.getName());
      }
    }
    names.forEach(
        name ->
            request
                .response()
                .addCookie(Cookie.cookie(name, "").setPath("/").setHttpOnly(true).setMaxAge(0)));
  }

  private static void redirect(HttpServerResponse response, String path) {
    response.setStatusCode(303).putHeader("Location", path).end();
  }

  private void form(HttpServerResponse response, int status, String message) {
    boolean form = authentication.token().isPresent() || !authentication.oidcEnabled();
    LoginPage.send(response, status, form, authentication.oidcEnabled(), message);
  }
}
