package io.lift.service.http;

import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a request comes from a page that may send it.
 *
 * <ul>
 *   <li>It must call the service by a known name. Otherwise any site could reach a service on
 *       loopback through a name of its own (DNS rebinding).
 *   <li>A request that can change something must not come from another site's page (cross-site
 *       request forgery).
 * </ul>
 */
final class CallerCheck {
  private final Set<String> hosts;

  /**
   * @param hosts names by which the service may be called; empty for any
   */
  CallerCheck(Set<String> hosts) {
    this.hosts = hosts;
  }

  /** Why a request is rejected, in one sentence; empty if it may pass. */
  Optional<String> reject(Call call) {
    if (!hosts.isEmpty() && call.host() != null && !hosts.contains(call.host().toLowerCase())) {
      return Optional.of(
          "This service is not known by that name; lift.http.hosts names further ones.");
    }
    if (call.writes() && foreign(call)) {
      return Optional.of("A page of another site must not call this service.");
    }
    return Optional.empty();
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
}
