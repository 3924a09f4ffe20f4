package io.lift.messages;

/** Names of the record headers. Values are UTF-8 strings. */
public final class Headers {
  /** On rows: the task. */
  public static final String TASK = "lift.task";

  /**
   * On prompts, and on requests and labels that wait for each other: the hash of the language that
   * they are written in.
   */
  public static final String LANGUAGE = "lift.language";

  /**
   * On rows: {@code train}, {@code test}, {@code both} (the default) or {@link #TRY}; on requests:
   * {@link #TRY} or nothing.
   */
  public static final String USE = "lift.use";

  /**
   * Value of {@link #USE} for a row that is only tried: it gets an answer on the reply topic and
   * nowhere else. Its target is ignored, and it is not counted.
   */
  public static final String TRY = "try";

  /** On rows and requests: epoch milliseconds after which the answer is of no use. */
  public static final String DEADLINE = "lift.deadline";

  /**
   * On rows and requests: {@code true} if the answer is to say what each column contributes to it,
   * {@code false} (the default) if not.
   */
  public static final String EXPLAIN = "lift.explain";

  /** On rows and requests: returned on the prediction as it is. */
  public static final String CORRELATION_ID = "lift.correlation-id";

  /** On rows and requests: a topic that gets a copy of the prediction. */
  public static final String REPLY_TOPIC = "lift.reply-topic";

  /** On rows and requests: the partition of the reply topic (decimal). */
  public static final String REPLY_PARTITION = "lift.reply-partition";

  /**
   * SmallRye's request-reply headers, which have the same meaning as our own. The partition is 4
   * bytes, big-endian.
   */
  public static final String SMALLRYE_CORRELATION_ID = "REPLY_CORRELATION_ID";

  public static final String SMALLRYE_REPLY_TOPIC = "REPLY_TOPIC";
  public static final String SMALLRYE_REPLY_PARTITION = "REPLY_PARTITION";

  /**
   * Spring's request-reply headers, which have the same meaning as our own. The partition is 4
   * bytes, big-endian.
   */
  public static final String SPRING_CORRELATION_ID = "kafka_correlationId";

  public static final String SPRING_REPLY_TOPIC = "kafka_replyTopic";
  public static final String SPRING_REPLY_PARTITION = "kafka_replyPartition";

  /** On dead letters. */
  public static final String ERROR_REASON = "lift.error.reason";

  public static final String ERROR_MESSAGE = "lift.error.message";
  public static final String ERROR_STAGE = "lift.error.stage";
  public static final String ERROR_TASK = "lift.error.task";
  public static final String ERROR_FIELD = "lift.error.field";
  public static final String ERROR_TOPIC = "lift.error.topic";
  public static final String ERROR_PARTITION = "lift.error.partition";
  public static final String ERROR_OFFSET = "lift.error.offset";

  /** On dead letters whose value had to be cut: the bytes that it had. */
  public static final String ERROR_SIZE = "lift.error.size";

  /** On dead letters that had to be cut: what was cut, and the bytes that it had. */
  public static final String ERROR_CUT = "lift.error.cut";

  private Headers() {}
}
