package io.lift.page.audit;

import io.lift.kafka.EventLog;
import io.lift.messages.Action;
import io.lift.messages.Action.Outcome;
import io.lift.messages.Action.What;
import io.lift.service.http.RefusedAction;
import io.lift.service.identity.Caller;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the actions of callers, and what their role has refused them. An action that Kafka does
 * not take is in the service's log. Thread-safe.
 */
public final class Audit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
  private static final Pattern OF_TASK = Pattern.compile("/api/tasks/([^/]+)(/[^/]+)?");
  private static final String DELETE = "DELETE";
  private static final String TASKS = "/api/tasks";
  private static final int MOST_WAITING = 100;
  private static final String REASON = "The role operator is missing.";

  private final EventLog log;
  private final Predicate<String> exists;
  private final RefusalRate rate = new RefusalRate();

  /** Writes refusals apart from the threads that answer; Kafka may be away. */
  private final ThreadPoolExecutor refusals =
      new ThreadPoolExecutor(
          0,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          task -> {
            Thread thread = new Thread(task, "refusals");
            thread.setDaemon(true);
            return thread;
          },
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * @param exists whether there is a task of a name
   */
  public Audit(EventLog log, Predicate<String> exists) {
    this.log = log;
    this.exists = exists;
  }

  /**
   * Records an action of a caller.
   *
   * @param version of a rollback; null for others
   * @param reason why it has failed; null if it has not
   */
  public void record(
      Caller caller, What what, String task, Outcome outcome, Long version, String reason)
      throws InterruptedException {
    write(task, action(caller, what, outcome, version, reason, null));
  }

  /** Records what a caller's role does not allow, unless it was tried too often. */
  public void refused(RefusedAction refused) {
    String caller = refused.caller().name().orElse("");
    OptionalInt before = rate.record(caller, System.currentTimeMillis());
    if (before.isEmpty()) {
      return;
    }
    Matcher path = OF_TASK.matcher(refused.path());
    String named = path.matches() ? path.group(1) : null;
    What what =
        named != null
            ? what(refused.method(), path.group(2))
            : refused.path().equals(TASKS) ? What.CREATE : What.INFER;
    // the name of a task that does not exist is the caller's own words
    String task = Optional.ofNullable(named).filter(exists).orElse(null);
    Integer unrecorded = before.getAsInt() == 0 ? null : before.getAsInt();
    Action action = action(refused.caller(), what, Outcome.REFUSED, null, REASON, unrecorded);
    refusals.execute(
        () -> {
          try {
            write(task, action);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /**
   * @param end of the path behind the task's name; null for none
   */
  private static What what(String method, String end) {
    if (end == null && method.equals(DELETE)) {
      return What.DELETE;
    }
    return "/replay".equals(end) ? What.REPLAY : What.ROLL_BACK;
  }

  private static Action action(
      Caller caller, What what, Outcome outcome, Long version, String reason, Integer unrecorded) {
    return new Action(
        what,
        caller.name().orElse(null),
        caller.name().isPresent(),
        Action.Via.HTTP,
        null,
        outcome,
        version,
        reason,
        unrecorded);
  }

  private void write(String task, Action action) throws InterruptedException {
    try {
      log.write(task, action);
    } catch (ExecutionException e) {
      LOG.error(
          "Kafka has not recorded this action: {} ({})",
          action.sentence(task),
          e.getCause().getMessage());
    }
  }

  @Override
  public void close() {
    refusals.shutdownNow();
    log.close();
  }
}
