package io.lift.service.http;

import io.lift.service.identity.Caller;
import io.lift.service.identity.Roles;

/** What a caller reads whose role does not allow a call. */
final class RoleProblem {
  private RoleProblem() {}

  /**
   * @param role the least that the call needs
   */
  static String sentence(Caller caller, String role) {
    String names = role.equals(Roles.OPERATOR) ? "operators" : "viewers";
    return "This call needs the role %s, which %s lacks: ask for one of the roles or groups that lift.http.oidc.%s names."
        .formatted(role, caller.name().map("'%s'"::formatted).orElse("the caller"), names);
  }
}
