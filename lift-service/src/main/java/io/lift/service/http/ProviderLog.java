package io.lift.service.http;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once for each outage that the OpenID Connect provider does not answer. Thread-safe. */
final class ProviderLog {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderLog.class);

  private final AtomicBoolean away = new AtomicBoolean();

  /** The provider did not answer. */
  void away() {
    if (!away.getAndSet(true)) {
      LOG.warn(
          "the OpenID Connect provider of lift.http.oidc.issuer does not answer;"
              + " until it does, callers without the token of lift.http.token get status 503");
    }
  }

  /**
   * A call was authenticated.
   *
   * @param known whether the provider knows the caller
   */
  void asked(boolean known) {
    if (known && away.getAndSet(false)) {
      LOG.info("the OpenID Connect provider of lift.http.oidc.issuer answers again");
    }
  }
}
