package io.lift.service.http;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;
import java.util.Set;

/** Who may call the HTTP endpoints of a service. */
@ConfigMapping(prefix = "lift.http")
public interface HttpConfig {

  /**
   * A secret that every call must bring, except those of health and metrics. It comes as {@code
   * Authorization: Bearer TOKEN} or through the form at {@code /login}, and its bearer is an
   * operator. Without it and without {@code lift.http.oidc.issuer}, everyone may call.
   */
  Optional<String> token();

  /**
   * Names under which the service may be called besides those of the loopback interface, e.g. that
   * of a proxy. Without it, every name is allowed when the service listens on other interfaces.
   */
  Optional<Set<String>> hosts();
}
