package io.lift.messages;

import io.lift.core.task.TaskSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The catalogue of every topic in one installation of Lift: names, types of the values, partitions
 * and configuration. Keys are UTF-8 strings. All names of an installation begin with the same
 * prefix, so that installations with different prefixes can share a Kafka. Immutable.
 */
public final class Topics {
  /** The setting of the prefix; its environment variable is {@code LIFT_TOPICS_PREFIX}. */
  public static final String PREFIX_SETTING = "lift.topics.prefix";

  /** Largest record that a row, a request or an answer may be where no less is set, in bytes. */
  public static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;

  /** How much larger a dead letter may be: it has further headers. */
  public static final int LETTER_OVERHEAD_BYTES = 64 * 1024;

  /** Largest piece of a checkpoint in one record, in bytes. */
  public static final int MAX_CHUNK_BYTES = 512 * 1024;

  /** Latency is measured from the time at which the broker wrote a request. */
  private static final String TIMED_BY_THE_BROKER = "lift.requests";

  private static final Pattern LEGAL_PREFIX = Pattern.compile("[A-Za-z0-9._-]{0,100}");

  private final String prefix;
  private final TopicSettings settings;
  private final Set<String> plainNames = new HashSet<>();
  private final Groups groups;
  private final Topic<TaskSpec> tasks;
  private final Topic<TaskDraft> taskDrafts;
  private final Topic<byte[]> rows;
  private final Topic<PromptMessage> prompts;
  private final Topic<LabelMessage> labels;
  private final Topic<RequestMessage> requests;
  private final Topic<RequestMessage> requestsParked;
  private final Topic<PredictionMessage> predictions;
  private final Topic<CheckpointManifest> checkpoints;
  private final Topic<CheckpointManifest> checkpointsLog;
  private final Topic<byte[]> checkpointChunks;
  private final Topic<RollbackRequest> rollbacks;
  private final Topic<TrainingProgress> training;
  private final Topic<MetricsMessage> metrics;
  private final Topic<ChartsMessage> charts;
  private final Topic<CalibrationMessage> calibration;
  private final Topic<EventMessage> events;
  private final Topic<PredictionMessage> replies;
  private final Topic<GenerateMessage> generate;
  private final Topic<GeneratedMessage> generated;
  private final Topic<byte[]> deadLetters;

  private Topics(String prefix, TopicSettings settings) {
    this.prefix = prefix;
    this.settings = settings;
    int record = settings.maxRecordBytes();
    int message = Math.min(record, MAX_CHUNK_BYTES * 2);
    groups = new Groups(this);
    tasks = compacted("lift.tasks", TaskSpec.class);
    taskDrafts = compacted("lift.tasks.drafts", TaskDraft.class);
    rows = kept("lift.rows", byte[].class, 6, days(7), record);
    prompts = kept("lift.prompts", PromptMessage.class, 12, -1, record);
    labels = kept("lift.labels", LabelMessage.class, 6, days(7), record);
    requests = kept(TIMED_BY_THE_BROKER, RequestMessage.class, 6, days(7), record);
    requestsParked = kept("lift.requests.parked", RequestMessage.class, 6, days(7), record);
    predictions = kept("lift.predictions", PredictionMessage.class, 6, days(7), record);
    checkpoints = compacted("lift.checkpoints", CheckpointManifest.class);
    checkpointsLog = kept("lift.checkpoints.log", CheckpointManifest.class, 1, -1, message);
    checkpointChunks = compacted("lift.checkpoints.chunks", byte[].class, 6);
    rollbacks = compacted("lift.rollbacks", RollbackRequest.class);
    training = compacted("lift.training", TrainingProgress.class);
    metrics = compacted("lift.metrics", MetricsMessage.class);
    charts = compacted("lift.metrics.charts", ChartsMessage.class);
    calibration = compacted("lift.calibration", CalibrationMessage.class);
    events = kept("lift.events", EventMessage.class, 1, days(30), message);
    replies = kept("lift.replies", PredictionMessage.class, 1, hours(1), record);
    generate = kept("lift.generate", GenerateMessage.class, 3, days(7), record);
    generated = kept("lift.generated", GeneratedMessage.class, 3, days(7), record);
    deadLetters =
        kept(
            "lift.dead-letters",
            byte[].class,
            3,
            days(30),
            record == MAX_RECORD_BYTES ? record + LETTER_OVERHEAD_BYTES : record);
    settings.check(plainNames);
  }

  /**
   * The catalogue of the installation with a prefix.
   *
   * @param prefix letters, digits, dots, hyphens and underscores, e.g. {@code teamA.}; may be empty
   * @throws IllegalArgumentException if Kafka takes no such names; the message names the setting
   */
  public static Topics of(String prefix) {
    return of(prefix, TopicSettings.DEFAULT);
  }

  /**
   * The same where topics are created differently.
   *
   * @throws IllegalArgumentException also if the settings do not fit the topics
   */
  public static Topics of(String prefix, TopicSettings settings) {
    if (!LEGAL_PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          PREFIX_SETTING
              + " must be at most 100 letters, digits, dots, hyphens or underscores, but is '"
              + prefix
              + "'");
    }
    return new Topics(prefix, settings);
  }

  /** A name of this installation: the prefix and a plain name, e.g. {@code teamA.lift.rows}. */
  public String name(String plain) {
    return prefix + plain;
  }

  /** Largest record that a row, a request or an answer may be, in bytes. */
  public int maxRecordBytes() {
    return settings.maxRecordBytes();
  }

  /**
   * The settings of a topic that is not in this catalogue, such as those of Kafka Streams, without
   * what the operator leaves to the broker in all topics. What else the operator has said is of the
   * topics in the catalogue.
   */
  public Map<String, String> internal(Map<String, String> configs) {
    return settings.internal(configs);
  }

  /** Largest piece of a checkpoint in one record, in bytes. */
  public int maxChunkBytes() {
    return Math.min(MAX_CHUNK_BYTES, settings.maxRecordBytes() / 2);
  }

  /** The consumer groups of the same installation. */
  public Groups groups() {
    return groups;
  }

  /** The beginning of all topics' names, e.g. {@code teamA.lift.}. */
  public String commonPrefix() {
    return name("lift.");
  }

  /** key: task → its specification. */
  public Topic<TaskSpec> tasks() {
    return tasks;
  }

  /** key: task → a request to infer a task from the first rows of a topic. */
  public Topic<TaskDraft> taskDrafts() {
    return taskDrafts;
  }

  /** key: row id → a flat JSON object of columns; the task in header {@link Headers#TASK}. */
  public Topic<byte[]> rows() {
    return rows;
  }

  /** key: task → a training example. The log of this topic is the training set. */
  public Topic<PromptMessage> prompts() {
    return prompts;
  }

  /** key: row id → the label of a row that is used for tests only. */
  public Topic<LabelMessage> labels() {
    return labels;
  }

  /**
   * key: row id → a prompt without its answer. A record has the broker's time, from which the
   * latency of its answer is measured.
   */
  public Topic<RequestMessage> requests() {
    return requests;
  }

  /** key: row id → a request that waits for the first checkpoint of its task. */
  public Topic<RequestMessage> requestsParked() {
    return requestsParked;
  }

  /** key: row id → the answer. */
  public Topic<PredictionMessage> predictions() {
    return predictions;
  }

  /** key: task → manifest of its current checkpoint. */
  public Topic<CheckpointManifest> checkpoints() {
    return checkpoints;
  }

  /** key: task → every manifest ever published. */
  public Topic<CheckpointManifest> checkpointsLog() {
    return checkpointsLog;
  }

  /** key: task/slot/index → a piece of a checkpoint file. */
  public Topic<byte[]> checkpointChunks() {
    return checkpointChunks;
  }

  /** key: task → a request to go back to an earlier version, see {@link RollbackRequest}. */
  public Topic<RollbackRequest> rollbacks() {
    return rollbacks;
  }

  /** key: task → the progress of its training, twice a second at most. */
  public Topic<TrainingProgress> training() {
    return training;
  }

  /** key: task → rolling and cumulative metrics. */
  public Topic<MetricsMessage> metrics() {
    return metrics;
  }

  /** key: task → the data behind the metrics, for charts. */
  public Topic<ChartsMessage> charts() {
    return charts;
  }

  /** key: task → the calibration of its answers, see {@link CalibrationMessage}. */
  public Topic<CalibrationMessage> calibration() {
    return calibration;
  }

  /** key: task → drifts and what follows from them, see {@link EventMessage}. */
  public Topic<EventMessage> events() {
    return events;
  }

  /** key: row id → answers to rows that were tried on the live page. */
  public Topic<PredictionMessage> replies() {
    return replies;
  }

  /** key: request id → a request for rows sampled from a task's model. */
  public Topic<GenerateMessage> generate() {
    return generate;
  }

  /** key: request id → one of the requested rows. */
  public Topic<GeneratedMessage> generated() {
    return generated;
  }

  /** key: that of the source → the original bytes; reason and origin in the error headers. */
  public Topic<byte[]> deadLetters() {
    return deadLetters;
  }

  /** Every topic, in the order of the flow. */
  public List<Topic<?>> all() {
    return List.of(
        tasks,
        taskDrafts,
        rows,
        prompts,
        labels,
        requests,
        requestsParked,
        predictions,
        checkpoints,
        checkpointsLog,
        checkpointChunks,
        rollbacks,
        training,
        metrics,
        charts,
        calibration,
        events,
        replies,
        generate,
        generated,
        deadLetters);
  }

  private <V> Topic<V> compacted(String name, Class<V> type) {
    return compacted(name, type, 1);
  }

  private <V> Topic<V> compacted(String name, Class<V> type, int partitions) {
    return topic(
        name,
        type,
        partitions,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1",
            TopicConfig.SEGMENT_MS_CONFIG, "600000",
            TopicConfig.SEGMENT_BYTES_CONFIG, "67108864"));
  }

  private <V> Topic<V> kept(
      String name, Class<V> type, int partitions, long retentionMillis, int maxBytes) {
    Map<String, String> configs = new HashMap<>();
    configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retentionMillis));
    configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxBytes));
    if (name.equals(TIMED_BY_THE_BROKER)) {
      configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    }
    return topic(name, type, partitions, configs);
  }

  private <V> Topic<V> topic(
      String name, Class<V> type, int partitions, Map<String, String> configs) {
    plainNames.add(name);
    return settings.applied(name, new Topic<>(name(name), type, partitions, configs));
  }

  private static long days(int days) {
    return hours(24 * days);
  }

  private static long hours(int hours) {
    return hours * 60L * 60 * 1000;
  }
}
