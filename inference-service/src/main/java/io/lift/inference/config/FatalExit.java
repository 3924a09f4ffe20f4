package io.lift.inference.config;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import org.jboss.logging.Logger;

/** Ends the process when it cannot go on. */
@Singleton
public class FatalExit {
  private static final Logger LOG = Logger.getLogger(FatalExit.class);

  private volatile boolean stopping;

  void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
    stopping = true;
  }

  /**
   * Logs the reason and ends the process, unless it is stopping already.
   *
   * @param sentence one sentence that says what to do
   */
  public void because(String sentence) {
    if (!stopping) {
      LOG.error(sentence);
      Quarkus.asyncExit(1);
    }
  }
}
