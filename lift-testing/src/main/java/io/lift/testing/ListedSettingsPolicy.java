package io.lift.testing;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;

/** Takes the settings of topics that Amazon MSK Serverless takes, and records of up to 8 MiB. */
public final class ListedSettingsPolicy implements CreateTopicPolicy {
  private static final Set<String> LISTED =
      Set.of(
          "cleanup.policy",
          "compression.type",
          "max.message.bytes",
          "message.timestamp.type",
          "retention.bytes",
          "retention.ms");

  private static final int MOST_BYTES = 8 * 1024 * 1024;

  @Override
  public void configure(Map<String, ?> configs) {
    // there is nothing to set
  }

  @Override
  public void validate(RequestMetadata request) {
    if (request.topic().startsWith("__")) {
      return; // of the broker itself
    }
    request
        .configs()
        .forEach(
            (name, value) -> {
              if (!LISTED.contains(name)) {
                throw new PolicyViolationException(name + " cannot be set");
              }
              if (name.equals("max.message.bytes") && Integer.parseInt(value) > MOST_BYTES) {
                throw new PolicyViolationException(name + " is at most " + MOST_BYTES);
              }
            });
  }

  @Override
  public void close() {
    // nothing is open
  }
}
