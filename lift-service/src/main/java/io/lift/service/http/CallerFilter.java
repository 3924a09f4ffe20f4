package io.lift.service.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the {@link CallerCheck} before everything that a service answers. */
@ApplicationScoped
public class CallerFilter {
  /** Before Quarkus's own handlers, which ask for the token at 200. */
  private static final int PRIORITY = 1000;

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final CallerCheck check;

  CallerFilter(HttpConfig config, @ConfigProperty(name = "quarkus.http.host") String listening) {
    this.check = new CallerCheck(hosts(config, listening));
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
    filters.register(this::filter, PRIORITY);
  }

  private void filter(RoutingContext context) {
    Optional<String> why = check.reject(call(context.request()));
    if (why.isEmpty()) {
      context.next();
      return;
    }
    Problem.of(403, why.get()).sendUnread(context.request());
  }

  private static Call call(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return new Call(
        request.method().name(),
        authority == null ? null : authority.host(),
        authority == null ? null : authority.toString(),
        request.getHeader("Origin"),
        request.getHeader("Sec-Fetch-Site"));
  }
}
