package io.lift.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Turns failures of Kafka clients into sentences for the operator. */
public final class KafkaFailures {
  /** What is before the innermost message, where Kafka has put a whole trace into one message. */
  private static final Pattern OUTER = Pattern.compile("(?s)^.*Caused by: ");

  private static final Pattern CLASSES = Pattern.compile("^([\\w.$]+: )+");

  private static final String NO_MODULE = "No LoginModule found";
  private static final String NO_CLASS = "could not be found";
  private static final String ADD_JAR =
      "correct the name, or put its jar into the folder plugins (docs/kafka.md says where)";

  private KafkaFailures() {}

  /**
   * Why a client cannot log in with its settings, before it talks to a broker; empty if that is not
   * what has failed.
   */
  public static Optional<String> login(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LoginException && cause.getMessage() != null) {
        String innermost = OUTER.matcher(cause.getMessage()).replaceFirst("");
        String reason = CLASSES.matcher(innermost).replaceFirst("").lines().findFirst().orElse("");
        return Optional.of(
            "Kafka's client cannot log in with kafka.sasl.* (%s): %s"
                .formatted(reason, reason.contains(NO_MODULE) ? ADD_JAR : "check these settings"));
      }
    }
    return Optional.empty();
  }

  /**
   * What an operator can do about a failure of a Kafka client.
   *
   * @param kafka the client's settings
   */
  public static KafkaUnavailableException explain(Map<String, Object> kafka, Throwable failure) {
    Throwable root = failure;
    Throwable known = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
      if (cause instanceof ApiException) {
        known = cause;
      }
    }
    String sentence = sentence(kafka, known, root);
    return new KafkaUnavailableException(login(failure).orElse(sentence), failure);
  }

  /**
   * @param known the innermost failure that Kafka's protocol names, else the outermost
   * @param root the innermost failure
   */
  private static String sentence(Map<String, Object> kafka, Throwable known, Throwable root) {
    String at = "Kafka at " + kafka.get("bootstrap.servers");
    if (known instanceof SslAuthenticationException) {
      return at
          + " and this client do not trust one another ("
          + root.getMessage()
          + "): check kafka.ssl.truststore.location and kafka.ssl.keystore.location";
    }
    if (known instanceof AuthenticationException) {
      return at
          + " rejects these credentials ("
          + known.getMessage()
          + "): check kafka.sasl.mechanism and kafka.sasl.jaas.config";
    }
    if (known instanceof AuthorizationException) {
      return at
          + " does not grant this user what is needed ("
          + known.getMessage()
          + "): add the ACL (docs/operations.md lists them all)";
    }
    if (known instanceof TimeoutException) {
      return at
          + " does not answer as Kafka does: check kafka.bootstrap.servers and"
          + " kafka.security.protocol (is "
          + kafka.getOrDefault("security.protocol", "PLAINTEXT")
          + ")";
    }
    if (known instanceof ApiException) {
      return at + " says: " + known.getMessage();
    }
    String reason = String.valueOf(root.getMessage());
    return "Kafka's settings cannot be used: "
        + (reason.contains(NO_CLASS) ? reason.replaceFirst("\\.$", "") + ": " + ADD_JAR : reason);
  }
}
