package io.lift.messages;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What differs from the catalogue when topics are created. It is written as entries with semicolons
 * between them, such as {@code segment.ms=none; lift.rows:partitions=24;
 * lift.rows:retention.ms=86400000}. An entry is for one topic, which is named without the prefix,
 * or for all. The value {@value #NONE} leaves a setting to the broker. Immutable.
 */
public final class TopicSettings {
  /** The setting that holds the text; its environment variable is {@code LIFT_TOPICS_SETTINGS}. */
  public static final String SETTING = "lift.topics.settings";

  /** The setting of the largest record; {@code LIFT_TOPICS_MAX_RECORD_BYTES}. */
  public static final String MAX_RECORD_SETTING = "lift.topics.max-record-bytes";

  /** Leaves a setting to the broker. */
  public static final String NONE = "none";

  /** Nothing differs. */
  public static final TopicSettings DEFAULT = of("", Topics.MAX_RECORD_BYTES);

  /** The name of the number of partitions among the settings of a topic. */
  static final String PARTITIONS = "partitions";

  private static final int LEAST_RECORD_BYTES = 256 * 1024;
  private static final String ALL = "";
  private static final Pattern ENTRY =
      Pattern.compile("\\s*(?:([A-Za-z0-9._-]+)\\s*:)?\\s*([a-z0-9.]+)\\s*=\\s*(.*?)\\s*");

  private final Map<String, Map<String, String>> entries = new TreeMap<>();
  private final int maxRecordBytes;

  private TopicSettings(int maxRecordBytes) {
    this.maxRecordBytes = maxRecordBytes;
  }

  /**
   * Reads the entries.
   *
   * @param text the entries; may be empty
   * @param maxRecordBytes the largest record that topics of rows, requests and answers take
   * @throws IllegalArgumentException if something cannot be read; the message names the setting
   */
  public static TopicSettings of(String text, int maxRecordBytes) {
    if (maxRecordBytes < LEAST_RECORD_BYTES || maxRecordBytes > Topics.MAX_RECORD_BYTES) {
      throw new IllegalArgumentException(
          "%s must be %d to %d, but is %d"
              .formatted(
                  MAX_RECORD_SETTING, LEAST_RECORD_BYTES, Topics.MAX_RECORD_BYTES, maxRecordBytes));
    }
    TopicSettings settings = new TopicSettings(maxRecordBytes);
    for (String entry : text.split(";")) {
      if (entry.isBlank()) {
        continue;
      }
      Matcher parts = ENTRY.matcher(entry);
      if (!parts.matches()) {
        throw invalid(entry, "is not [TOPIC:]SETTING=VALUE");
      }
      String topic = parts.group(1) == null ? ALL : parts.group(1);
      String name = parts.group(2);
      String value = parts.group(3);
      if (name.equals(PARTITIONS) && !value.equals(NONE) && !value.matches("[1-9]\\d{0,4}")) {
        throw invalid(entry, "is no number of partitions");
      }
      settings.entries.computeIfAbsent(topic, any -> new HashMap<>()).put(name, value);
    }
    return settings;
  }

  private static IllegalArgumentException invalid(String entry, String why) {
    return new IllegalArgumentException("%s: '%s' %s".formatted(SETTING, entry.strip(), why));
  }

  /** The largest record that topics of rows, requests and answers take, in bytes. */
  int maxRecordBytes() {
    return maxRecordBytes;
  }

  /**
   * A topic of the catalogue with what differs.
   *
   * @param plain its name without the prefix
   * @throws IllegalArgumentException if a topic whose records must stay in order would have several
   *     partitions
   */
  <V> Topic<V> applied(String plain, Topic<V> topic) {
    Map<String, String> own = entries.getOrDefault(plain, Map.of());
    String partitions = own.get(PARTITIONS);
    if (topic.partitions() == 1 && partitions != null && !partitions.equals("1")) {
      throw new IllegalArgumentException(
          "%s: %s has one partition, because its records are read in order"
              .formatted(SETTING, plain));
    }
    Map<String, String> changed = new HashMap<>(entries.getOrDefault(ALL, Map.of()));
    changed.putAll(own);
    int count = topic.partitions();
    String wanted = changed.remove(PARTITIONS);
    if (wanted != null && count > 1) {
      count = wanted.equals(NONE) ? Topic.BROKERS_CHOICE : Integer.parseInt(wanted);
    }
    Map<String, String> configs = new HashMap<>(topic.configs());
    changed.forEach(
        (name, value) -> {
          if (value.equals(NONE)) {
            configs.remove(name);
          } else if (own.containsKey(name) || configs.containsKey(name)) {
            configs.put(name, value);
          }
        });
    return new Topic<>(topic.name(), topic.valueType(), count, configs);
  }

  /** The settings of a topic that is not in the catalogue, without those left to the broker. */
  Map<String, String> internal(Map<String, String> configs) {
    Map<String, String> kept = new HashMap<>(configs);
    entries
        .getOrDefault(ALL, Map.of())
        .forEach(
            (name, value) -> {
              if (value.equals(NONE)) {
                kept.remove(name);
              }
            });
    return kept;
  }

  /** Throws if an entry names a topic that is not in the catalogue. */
  void check(Set<String> plainNames) {
    for (String topic : entries.keySet()) {
      if (!topic.equals(ALL) && !plainNames.contains(topic)) {
        throw new IllegalArgumentException("%s: Lift has no topic %s".formatted(SETTING, topic));
      }
    }
  }
}
