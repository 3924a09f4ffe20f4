package io.lift.page.http;

import io.lift.page.PageConfig;
import io.lift.page.audit.Audit;
import io.lift.service.http.RefusedAction;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;

/** Records what callers were refused, while the page is enabled. */
@Singleton
public class RefusalObserver {
  private final PageConfig config;
  private final Instance<Audit> audit;

  RefusalObserver(PageConfig config, Instance<Audit> audit) {
    this.config = config;
    this.audit = audit;
  }

  void refused(@Observes RefusedAction refused) {
    if (config.enabled()) {
      audit.get().refused(refused);
    }
  }
}
