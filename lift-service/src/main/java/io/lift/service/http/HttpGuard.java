package io.lift.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Decides whether a request may reach the endpoints.
 *
 * <ul>
 *   <li>It must call the service by a name that is known: else any site could reach a service on
 *       loopback through a name of its own (DNS rebinding).
 *   <li>What can change something must not come from another site's page.
 *   <li>If there is a token, it must be brought, except for health and metrics.
 * </ul>
 */
final class HttpGuard {
  static final String LOGIN = "/login";

  private static final Pattern OPEN = Pattern.compile("/q/(health(/[a-z]+)*|metrics)/?");
  private static final String BEARER = "Bearer ";

  private final String token;
  private final Set<String> hosts;

  /**
   * @param token the secret, or null if nobody is asked
   * @param hosts names by which the service may be called; empty for any
   */
  HttpGuard(String token, Set<String> hosts) {
    this.token = token == null || token.isBlank() ? null : token.strip();
    this.hosts = hosts;
  }

  /**
   * Why a request is turned away.
   *
   * @param status the HTTP status
   * @param error one sentence
   */
  record Refusal(int status, String error) {}

  /** Empty if the request may pass. */
  Optional<Refusal> refuse(Call call) {
    if (!hosts.isEmpty() && call.host() != null && !hosts.contains(call.host().toLowerCase())) {
      return Optional.of(
          new Refusal(
              403, "This service is not known by that name; lift.http.hosts names further ones."));
    }
    if (call.writes() && foreign(call)) {
      return Optional.of(new Refusal(403, "A page of another site must not call this service."));
    }
    if (OPEN.matcher(call.path()).matches() || call.path().equals(LOGIN) || known(call)) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(401, "This service needs a token: send 'Authorization: Bearer TOKEN'."));
  }

  private static boolean foreign(Call call) {
    if (call.fetchSite() != null) {
      return !call.fetchSite().equals("same-origin") && !call.fetchSite().equals("none");
    }
    return call.origin() != null && !sameAuthority(call.origin(), call.authority());
  }

  private static boolean sameAuthority(String origin, String authority) {
    if (authority == null) {
      return false;
    }
    return (origin.startsWith("http://")
            && withPort(origin.substring("http://".length()), 80).equals(withPort(authority, 80)))
        || (origin.startsWith("https://")
            && withPort(origin.substring("https://".length()), 443)
                .equals(withPort(authority, 443)));
  }

  private static String withPort(String authority, int usual) {
    String name = authority.toLowerCase();
    return name.matches(".*:\\d+") ? name : name + ":" + usual;
  }

  private boolean known(Call call) {
    if (token == null) {
      return true;
    }
    String authorization = call.authorization();
    if (authorization != null
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && accepts(authorization.substring(BEARER.length()))) {
      return true;
    }
    return call.session() != null && same(call.session(), session());
  }

  /** Whether this is the token; takes as long for a wrong one. */
  boolean accepts(String given) {
    return token != null && given != null && same(given.strip(), token);
  }

  /** What the cookie holds: tells that its owner knew the token, without telling the token. */
  String session() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal("lift page session".getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has HmacSHA256", e);
    }
  }

  private static boolean same(String given, String expected) {
    return MessageDigest.isEqual(digest(given), digest(expected));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
