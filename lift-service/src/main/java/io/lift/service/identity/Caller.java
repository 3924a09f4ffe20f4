package io.lift.service.identity;

import io.quarkus.security.identity.SecurityIdentity;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who calls.
 *
 * @param name as the provider of the token says, on one line; empty if nobody is signed in
 * @param roles of {@link Roles}
 * @param until when the token ends; empty for a caller without an end
 */
public record Caller(Optional<String> name, Set<String> roles, Optional<Instant> until) {
  /** Name of everybody who brings the token of {@code lift.http.token}. */
  public static final String OF_TOKEN = "token";

  private static final int LONGEST_NAME = 100;

  /** Where Quarkus keeps the end of a token, in seconds of the epoch. */
  private static final String EXPIRES = "quarkus.identity.expire-time";

  /** The caller whom Quarkus has authenticated. */
  public static Caller of(SecurityIdentity identity) {
    Long expires = identity.getAttribute(EXPIRES);
    return new Caller(
        identity.isAnonymous()
            ? Optional.empty()
            : Optional.of(oneLine(identity.getPrincipal().getName())),
        identity.getRoles(),
        Optional.ofNullable(expires).map(Instant::ofEpochSecond));
  }

  /** Whether the caller may change something. */
  public boolean isOperator() {
    return roles.contains(Roles.OPERATOR);
  }

  /** A name is shown on terminals and in logs: it must not steer them. */
  private static String oneLine(String name) {
    String given = name == null ? "" : name.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    return given.length() > LONGEST_NAME ? given.substring(0, LONGEST_NAME) : given;
  }
}
