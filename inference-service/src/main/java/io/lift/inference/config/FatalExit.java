package io.lift.inference.config;

import io.lift.service.lifecycle.ServiceFailure;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;

/** Ends the process when it cannot go on. */
@Singleton
public class FatalExit {
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
      ServiceFailure.exit(sentence);
    }
  }
}
