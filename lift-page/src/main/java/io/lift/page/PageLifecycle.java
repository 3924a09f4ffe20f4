package io.lift.page;

import io.lift.page.live.Broadcast;
import io.lift.page.live.LogFollower;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the live page. Its host neither knows it nor depends on it: a page that cannot
 * start is logged and stays empty.
 */
@Singleton
public class PageLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(PageLifecycle.class);

  /** After the beans of the host, which create the topics. */
  private static final int AFTER_HOST = Interceptor.Priority.APPLICATION + 900;

  private final PageConfig config;
  private final Instance<LogFollower> follower;
  private final Instance<Broadcast> broadcast;
  private boolean started;

  PageLifecycle(PageConfig config, Instance<LogFollower> follower, Instance<Broadcast> broadcast) {
    this.config = config;
    this.follower = follower;
    this.broadcast = broadcast;
  }

  void start(@Observes @Priority(AFTER_HOST) StartupEvent event) {
    if (!config.enabled()) {
      LOG.info("the live page is disabled");
      return;
    }
    try {
      follower.get().start();
      broadcast.get().start();
      started = true;
    } catch (RuntimeException e) {
      LOG.error("the live page cannot start", e);
    }
  }

  /** Ends the connections to open pages, for which the shutdown would wait. */
  void stop(@Observes ShutdownEvent event) {
    if (started) {
      broadcast.get().close();
    }
  }
}
