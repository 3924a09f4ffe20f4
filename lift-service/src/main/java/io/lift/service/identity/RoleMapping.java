package io.lift.service.identity;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;

/** Replaces what a token's claims say by the {@link Roles} that follow from it. */
@Singleton
public class RoleMapping implements SecurityIdentityAugmentor {
  private final Set<String> viewers;
  private final Set<String> operators;

  RoleMapping(OidcConfig config) {
    viewers = config.viewers();
    operators = config.operators();
  }

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    return Uni.createFrom().item(identity.isAnonymous() ? identity : mapped(identity));
  }

  /** The builder of an identity adds roles, and cannot leave one out: so it is made anew. */
  private SecurityIdentity mapped(SecurityIdentity identity) {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(identity.getPrincipal())
        .addCredentials(identity.getCredentials())
        .addAttributes(identity.getAttributes())
        .addRoles(roles(identity.getRoles()))
        .build();
  }

  /**
   * @param claimed values of the claims
   */
  Set<String> roles(Collection<String> claimed) {
    if (!Collections.disjoint(claimed, operators)) {
      return Roles.ALL;
    }
    return Collections.disjoint(claimed, viewers) ? Set.of() : Set.of(Roles.VIEWER);
  }
}
