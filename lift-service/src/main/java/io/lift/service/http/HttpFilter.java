package io.lift.service.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the {@link HttpGuard} before everything that a service answers. */
@ApplicationScoped
public class HttpFilter {
  private static final int FIRST = 1000;
  private static final String COOKIE = "lift_session";
  private static final int LONGEST_FORM = 4096;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self';"
              + " frame-ancestors 'none'; require-trusted-types-for 'script'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin");

  private final HttpGuard guard;

  HttpFilter(HttpConfig config, @ConfigProperty(name = "quarkus.http.host") String listening) {
    this.guard = new HttpGuard(config.token().orElse(null), hosts(config, listening));
  }

  private static Set<String> hosts(HttpConfig config, String listening) {
    Set<String> hosts = new HashSet<>();
    config.hosts().ifPresent(named -> named.forEach(name -> hosts.add(name.toLowerCase())));
    if (!hosts.isEmpty() || isLoopback(listening)) {
      hosts.addAll(LOOPBACK);
      hosts.add(listening.toLowerCase());
    }
    return hosts;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  void register(@Observes Filters filters) {
    filters.register(this::filter, FIRST);
  }

  private void filter(RoutingContext context) {
    HttpServerResponse response = context.response();
    HEADERS.forEach(response::putHeader);
    if (context.normalizedPath().startsWith("/api/")) {
      response.putHeader("Cache-Control", "no-store");
    }
    Call call = call(context);
    guard
        .refuse(call)
        .ifPresentOrElse(refusal -> turnAway(call, refusal, response), () -> pass(context, call));
  }

  private void pass(RoutingContext context, Call call) {
    if (!call.path().equals(HttpGuard.LOGIN)) {
      context.next();
    } else if (call.method().equals("POST")) {
      login(context);
    } else {
      form(context.response(), false);
    }
  }

  private static Call call(RoutingContext context) {
    HttpServerRequest request = context.request();
    HostAndPort authority = request.authority();
    Cookie session = request.getCookie(COOKIE);
    return new Call(
        request.method().name(),
        context.normalizedPath(),
        authority == null ? null : authority.host(),
        authority == null ? null : authority.toString(),
        request.getHeader("Origin"),
        request.getHeader("Sec-Fetch-Site"),
        request.getHeader("Authorization"),
        session == null ? null : session.getValue(),
        request.getHeader("Accept"));
  }

  private static void turnAway(Call call, HttpGuard.Refusal refusal, HttpServerResponse response) {
    if (refusal.status() == 401 && call.asksForPage()) {
      response.setStatusCode(303).putHeader("Location", HttpGuard.LOGIN).end();
      return;
    }
    if (refusal.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    response.putHeader("Connection", "close"); // whatever body follows is not read
    Problem.of(refusal.status(), refusal.error()).send(response);
  }

  /** Reads the form and, if the token is right, hands out the cookie. */
  private void login(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    String length = request.getHeader("Content-Length");
    if (length == null || !length.matches("\\d{1,9}") || Integer.parseInt(length) > LONGEST_FORM) {
      response.putHeader("Connection", "close");
      Problem.of(413).send(response);
      return;
    }
    request.setExpectMultipart(true); // reads urlencoded forms too
    request.endHandler(
        end -> {
          if (!guard.accepts(request.getFormAttribute("token"))) {
            form(response, true);
            return;
          }
          response.addCookie(
              Cookie.cookie(COOKIE, guard.session())
                  .setPath("/")
                  .setHttpOnly(true)
                  .setSecure(request.isSSL())
                  .setSameSite(CookieSameSite.STRICT));
          response.setStatusCode(303).putHeader("Location", "/").end();
        });
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
