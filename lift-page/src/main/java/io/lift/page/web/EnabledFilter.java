package io.lift.page.web;

import io.lift.page.PageConfig;
import io.lift.service.http.ApiException;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;

/** Answers 404 on the page's paths while {@code lift.page.enabled} is false. */
@Provider
@PagePath
public class EnabledFilter implements ContainerRequestFilter {
  /** Looked up at each call: a filter is made before the settings of the start are known. */
  private final Instance<PageConfig> config;

  EnabledFilter(Instance<PageConfig> config) {
    this.config = config;
  }

  @Override
  public void filter(ContainerRequestContext context) {
    if (!config.get().enabled()) {
      throw new ApiException(
          Status.NOT_FOUND, "The live page is disabled; lift.page.enabled=true enables it.");
    }
  }
}
