package io.lift.messages;

import java.util.regex.Pattern;

/**
 * The prefix of every name that Lift has on Kafka: topics, consumer groups, transactional ids. Two
 * installations with different prefixes share a Kafka without seeing one another. A process belongs
 * to one namespace, so its prefix is fixed once a name has been made with it.
 */
public final class Namespace {
  /** The setting; its environment variable is {@code LIFT_TOPICS_PREFIX}. */
  public static final String SETTING = "lift.topics.prefix";

  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._-]{0,100}");

  private static String prefix;

  private Namespace() {}

  /**
   * Sets the prefix of this process.
   *
   * @param wanted letters, digits, dots, hyphens and underscores, e.g. {@code teamA.}; may be empty
   * @throws IllegalArgumentException if Kafka takes no such names
   * @throws IllegalStateException if this process names things by another prefix already
   */
  public static synchronized void use(String wanted) {
    if (!LEGAL.matcher(wanted).matches()) {
      throw new IllegalArgumentException(
          SETTING
              + " must be at most 100 letters, digits, dots, hyphens or underscores, but is '"
              + wanted
              + "'");
    }
    if (prefix != null && !prefix.equals(wanted)) {
      throw new IllegalStateException(
          "%s is '%s' in this process and cannot become '%s'".formatted(SETTING, prefix, wanted));
    }
    prefix = wanted;
  }

  /** A name of this process' namespace; without a prefix set, the plain name. */
  public static synchronized String name(String plain) {
    if (prefix == null) {
      prefix = "";
    }
    return prefix + plain;
  }
}
