package io.lift.service.lifecycle;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a service that cannot work. The log gets one sentence without a stack trace, and the exit
 * code is 1.
 */
public final class ServiceFailure {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceFailure.class);
  private static final int EXIT_CODE = 1;

  private ServiceFailure() {}

  /**
   * Ends the start of a service.
   *
   * @param sentence what is wrong and what to do, for the operator
   * @return what an observer of the start event is to throw, so that nothing else starts
   */
  public static PreventFurtherStepsException atStart(String sentence) {
    LOG.error(sentence);
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      // Quarkus would wait for an exit that nobody asks for, or report that nothing can be stopped
      Runtime.getRuntime().halt(EXIT_CODE);
    }
    return new PreventFurtherStepsException("The service does not start.", EXIT_CODE);
  }

  /**
   * Ends a service that has started. Returns at once.
   *
   * @param sentence what is wrong and what to do, for the operator
   */
  public static void exit(String sentence) {
    LOG.error(sentence);
    Quarkus.asyncExit(EXIT_CODE);
  }
}
