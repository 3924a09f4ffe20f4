package io.lift.broker;

import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * SLF4J onto standard output, from INFO up, of one logger from DEBUG up. The broker's JVM names it
 * explicitly ({@code -Dslf4j.provider}), so that whatever logging the parent's classpath brings
 * stays out of it.
 */
public final class ConsoleLogging implements SLF4JServiceProvider {
  /** System property: the name of the logger that tells more. */
  static final String DEBUG = "lift.broker.debug";

  private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter mdc = new NOPMDCAdapter();

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> loggers.computeIfAbsent(name, ConsoleLogger::new);
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}

  private static final class ConsoleLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    ConsoleLogger(String name) {
      this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return name.equals(System.getProperty(DEBUG));
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
      String line =
          "%s %-5s %s: %s"
              .formatted(
                  LocalDateTime.now().truncatedTo(ChronoUnit.MILLIS),
                  level,
                  name,
                  MessageFormatter.basicArrayFormat(pattern, arguments));
      PrintStream out = System.out;
      synchronized (out) {
        out.println(line);
        if (thrown != null) {
          thrown.printStackTrace(out);
        }
      }
    }
  }
}
