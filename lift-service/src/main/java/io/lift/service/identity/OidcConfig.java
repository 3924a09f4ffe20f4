package io.lift.service.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The OpenID Connect provider whose users and programs may call. {@link OidcSettings} hands these
 * settings on to Quarkus, whose own, {@code quarkus.oidc.*}, go before them.
 */
@ConfigMapping(prefix = "lift.http.oidc")
public interface OidcConfig {

  /**
   * Address of the OpenID Connect provider, e.g. {@code https://id.example.org/realms/lift}.
   * Without it, OpenID Connect is off.
   */
  Optional<String> issuer();

  /** Id under which Lift is registered with the provider. */
  @WithDefault("lift")
  String clientId();

  /**
   * Secret of the client. With it, replicas share the sessions of browsers, and a restart keeps
   * them. A client without a secret needs none.
   */
  Optional<String> clientSecret();

  /** Further audiences whose tokens are accepted, besides the client id. */
  Optional<List<String>> audience();

  /** Claims of a token that carry roles, each a path; the roles of all of them count. */
  @WithDefault("roles,groups,realm_access/roles")
  List<String> rolesClaim();

  /** Values of these claims that make a caller a viewer: reads and asks for predictions. */
  @WithDefault("viewer")
  Set<String> viewers();

  /** Values of these claims that make a caller an operator: may do everything. */
  @WithDefault("operator")
  Set<String> operators();
}
