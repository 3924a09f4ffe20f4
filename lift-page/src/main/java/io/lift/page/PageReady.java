package io.lift.page;

import io.lift.page.live.LivePage;
import io.smallrye.health.api.HealthGroup;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Ready when the page has read what was there at its start. It has a health group of its own,
 * {@code /q/health/group/page}, because its host does its work without the page.
 */
@HealthGroup("page")
@ApplicationScoped
class PageReady implements HealthCheck {
  private final PageConfig config;
  private final LivePage page;

  PageReady(PageConfig config, LivePage page) {
    this.config = config;
    this.page = page;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("page")
        .status(!config.enabled() || page.isReady())
        .withData("enabled", config.enabled())
        .build();
  }
}
