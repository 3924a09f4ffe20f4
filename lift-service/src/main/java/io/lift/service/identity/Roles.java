package io.lift.service.identity;

import java.util.Set;

/** What callers may do. A caller without any of them may do nothing. */
public final class Roles {
  /** May look at everything and ask for predictions. */
  public static final String VIEWER = "viewer";

  /** May do everything, such as creating, deleting, replaying and rolling back tasks. */
  public static final String OPERATOR = "operator";

  /** What an operator has: an operator is a viewer too. */
  public static final Set<String> ALL = Set.of(VIEWER, OPERATOR);

  private Roles() {}
}
