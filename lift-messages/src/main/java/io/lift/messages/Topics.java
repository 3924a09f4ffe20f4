package io.lift.messages;

import io.lift.core.task.TaskSpec;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Every topic of Lift, in the {@link Namespace} of this process. Keys are UTF-8 strings. */
public final class Topics {
  /** Largest record that a row, a request or a dead letter may be, in bytes. */
  public static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;

  /** Largest piece of a checkpoint in one record, in bytes. */
  public static final int MAX_CHUNK_BYTES = 512 * 1024;

  /** key: task → its specification. */
  public static final Topic<TaskSpec> TASKS = compacted("lift.tasks", TaskSpec.class);

  /** key: task → a wish for a task, inferred from the first rows of a topic. */
  public static final Topic<TaskDraft> TASK_DRAFTS =
      compacted("lift.tasks.drafts", TaskDraft.class);

  /** key: row id → a flat JSON object of columns; the task in header {@link Headers#TASK}. */
  public static final Topic<byte[]> ROWS =
      kept("lift.rows", byte[].class, 6, days(7), MAX_RECORD_BYTES);

  /** key: task → a training example. The log of this topic is the training set. */
  public static final Topic<PromptMessage> PROMPTS =
      kept("lift.prompts", PromptMessage.class, 12, -1, MAX_RECORD_BYTES);

  /** key: row id → the truth of a row that is a test only and never trained on. */
  public static final Topic<LabelMessage> LABELS =
      kept("lift.labels", LabelMessage.class, 6, days(7), MAX_RECORD_BYTES);

  /** key: row id → a prompt that asks for its answer. */
  public static final Topic<RequestMessage> REQUESTS =
      kept("lift.requests", RequestMessage.class, 6, days(7), MAX_RECORD_BYTES);

  /** key: row id → a request that waits for the first checkpoint of its task. */
  public static final Topic<RequestMessage> REQUESTS_PARKED =
      kept("lift.requests.parked", RequestMessage.class, 6, days(7), MAX_RECORD_BYTES);

  /** key: row id → the answer. */
  public static final Topic<PredictionMessage> PREDICTIONS =
      kept("lift.predictions", PredictionMessage.class, 6, days(7), MAX_RECORD_BYTES);

  /** key: task → manifest of its current checkpoint. */
  public static final Topic<CheckpointManifest> CHECKPOINTS =
      compacted("lift.checkpoints", CheckpointManifest.class);

  /** key: task → every manifest ever published. */
  public static final Topic<CheckpointManifest> CHECKPOINTS_LOG =
      kept("lift.checkpoints.log", CheckpointManifest.class, 1, -1, MAX_CHUNK_BYTES * 2);

  /** key: task/slot/index → a piece of a checkpoint file. */
  public static final Topic<byte[]> CHECKPOINT_CHUNKS =
      compacted("lift.checkpoints.chunks", byte[].class, 6);

  /** key: task → a wish to go back to an earlier version, see {@link RollbackRequest}. */
  public static final Topic<RollbackRequest> ROLLBACKS =
      compacted("lift.rollbacks", RollbackRequest.class);

  /** key: task → how its training stands, twice a second at most. */
  public static final Topic<TrainingProgress> TRAINING =
      compacted("lift.training", TrainingProgress.class);

  /** key: task → rolling and cumulative metrics. */
  public static final Topic<MetricsMessage> METRICS =
      compacted("lift.metrics", MetricsMessage.class);

  /** key: task → how the metrics came about, for those who draw them. */
  public static final Topic<ChartsMessage> CHARTS =
      compacted("lift.metrics.charts", ChartsMessage.class);

  /** key: task → what makes the model's own answers calibrated ones, see the message. */
  public static final Topic<CalibrationMessage> CALIBRATION =
      compacted("lift.calibration", CalibrationMessage.class);

  /** key: row id → answers to rows that somebody tried on the live page. */
  public static final Topic<PredictionMessage> REPLIES =
      kept("lift.replies", PredictionMessage.class, 1, hours(1), MAX_RECORD_BYTES);

  /** key: request id → a request for rows sampled from what a task has learnt. */
  public static final Topic<GenerateMessage> GENERATE =
      kept("lift.generate", GenerateMessage.class, 3, days(7), MAX_RECORD_BYTES);

  /** key: request id → one of the rows asked for. */
  public static final Topic<GeneratedMessage> GENERATED =
      kept("lift.generated", GeneratedMessage.class, 3, days(7), MAX_RECORD_BYTES);

  /** key: that of the source → the original bytes; why and whence in the error headers. */
  public static final Topic<byte[]> DEAD_LETTERS =
      kept("lift.dead-letters", byte[].class, 3, days(30), MAX_RECORD_BYTES + 64 * 1024);

  private Topics() {}

  /** Every topic, in the order of the flow. */
  public static List<Topic<?>> all() {
    return List.of(
        TASKS,
        TASK_DRAFTS,
        ROWS,
        PROMPTS,
        LABELS,
        REQUESTS,
        REQUESTS_PARKED,
        PREDICTIONS,
        CHECKPOINTS,
        CHECKPOINTS_LOG,
        CHECKPOINT_CHUNKS,
        ROLLBACKS,
        TRAINING,
        METRICS,
        CHARTS,
        CALIBRATION,
        REPLIES,
        GENERATE,
        GENERATED,
        DEAD_LETTERS);
  }

  private static <V> Topic<V> compacted(String name, Class<V> type) {
    return compacted(name, type, 1);
  }

  private static <V> Topic<V> compacted(String name, Class<V> type, int partitions) {
    return new Topic<>(
        Namespace.name(name),
        type,
        partitions,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1",
            TopicConfig.SEGMENT_MS_CONFIG, "600000",
            TopicConfig.SEGMENT_BYTES_CONFIG, "67108864"));
  }

  private static <V> Topic<V> kept(
      String name, Class<V> type, int partitions, long retentionMillis, int maxBytes) {
    return new Topic<>(
        Namespace.name(name),
        type,
        partitions,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG, Long.toString(retentionMillis),
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxBytes)));
  }

  private static long days(int days) {
    return hours(24 * days);
  }

  private static long hours(int hours) {
    return hours * 60L * 60 * 1000;
  }
}
