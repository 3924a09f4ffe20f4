package io.lift.cli.kafka;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Failures;
import io.lift.kafka.EventLog;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.Action;
import io.lift.messages.Action.Outcome;
import io.lift.messages.Action.What;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records on {@code lift.events} what a command does to tasks. Who does it is what the command says
 * of itself: the user of the machine, and the user by which Kafka knows it.
 */
public final class ActionRecorder implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The user in the settings of SCRAM and PLAIN. */
  private static final Pattern USER =
      Pattern.compile("\\busername\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|(\\S+))");

  private final EventLog log;
  private final String topic;
  private final String who;
  private final String client;

  /** What can fail while it is recorded. */
  @FunctionalInterface
  public interface Step {
    void run() throws InterruptedException;
  }

  /**
   * @throws io.lift.kafka.KafkaUnavailableException if no broker answers, or access is denied
   */
  public ActionRecorder(ConnectionSettings kafka) {
    topic = kafka.topics().events().name();
    KafkaAccess.open(
        kafka.client(),
        List.of(kafka.topics().events()),
        List.of(RequiredAcl.write(kafka.topics().events())));
    log = new EventLog(kafka.connection(), TIMEOUT);
    who = System.getProperty("user.name") + "@" + host();
    client = client(kafka.client());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** The user of SASL or, without one, the client id; null without both. */
  static String client(Map<String, Object> settings) {
    Matcher user = USER.matcher(String.valueOf(settings.getOrDefault("sasl.jaas.config", "")));
    if (user.find()) {
      for (int form = 1; form <= user.groupCount(); form++) {
        if (user.group(form) != null) {
          return user.group(form);
        }
      }
    }
    Object id = settings.get("client.id");
    return id == null ? null : id.toString();
  }

  /** Who runs the command, as far as it knows. */
  public String who() {
    return who;
  }

  /** Does something and records that it was done, or why it has failed. */
  public void run(String task, What what, Step step) throws InterruptedException {
    try {
      step.run();
    } catch (RuntimeException e) {
      failed(task, what, null, e);
      throw e;
    }
    record(task, what, Outcome.DONE, null, null);
  }

  private void failed(String task, What what, Long version, RuntimeException why)
      throws InterruptedException {
    try {
      record(task, what, Outcome.FAILED, version, Failures.sentence(why));
    } catch (RuntimeException e) {
      why.addSuppressed(e); // what is told is the first failure
    }
  }

  /**
   * Records an action.
   *
   * @param version of a rollback; null for others
   * @param reason why it has failed; null if it has not
   * @throws CliException if Kafka does not take the record
   */
  public void record(String task, What what, Outcome outcome, Long version, String reason)
      throws InterruptedException {
    try {
      log.write(
          task,
          new Action(what, who, false, Action.Via.COMMAND, client, outcome, version, reason, null));
    } catch (ExecutionException e) {
      throw new CliException(
          e,
          "Who did this could not be recorded on %s: %s"
              .formatted(topic, e.getCause().getMessage()));
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
