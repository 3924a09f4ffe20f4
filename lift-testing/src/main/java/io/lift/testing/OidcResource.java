package io.lift.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** An {@link OidcServer} for a test of one service, which knows its callers by it. */
public final class OidcResource implements QuarkusTestResourceLifecycleManager {
  private static OidcServer server;

  /** The server of the test that runs. */
  public static OidcServer server() {
    return server;
  }

  @Override
  public Map<String, String> start() {
    server = new OidcServer(false);
    return Map.of("lift.http.oidc.issuer", server.issuer());
  }

  @Override
  public void stop() {
    server.close();
  }
}
