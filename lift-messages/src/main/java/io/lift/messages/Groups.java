package io.lift.messages;

import io.lift.core.task.Source;

/**
 * The services' consumer groups in one installation, see {@link Topics#groups()}. Each name is also
 * how the transactional ids of its service begin, {@code GROUP-instance}. Immutable.
 */
public final class Groups {
  private static final String GENERATION_SUFFIX = "-generation";

  private final Topics topics;

  Groups(Topics topics) {
    this.topics = topics;
  }

  public String serializer() {
    return topics.name("lift-serializer");
  }

  /**
   * The group in which the serializer reads a source of a task, {@code
   * lift-serializer/TASK/TOPIC/READING}: neither name may contain a slash.
   */
  public String source(String task, Source source) {
    String group = String.join("/", serializer(), task, source.topic());
    return source.reading() == null ? group : group + "/" + source.reading();
  }

  public String trainer() {
    return topics.name("lift-trainer");
  }

  /** The default; {@code lift.inference.group} may name another. */
  public String inference() {
    return topics.name("lift-inference");
  }

  /**
   * The group that reads requests for generated rows.
   *
   * @param inference the group of the same service that reads requests for answers
   */
  public String generation(String inference) {
    return inference + GENERATION_SUFFIX;
  }

  /**
   * The default of the evaluator, which is a Kafka Streams application; {@code
   * lift.evaluator.application-id} may name another.
   */
  public String evaluator() {
    return topics.name("lift-evaluator");
  }

  /** The beginning of all names above, e.g. {@code teamA.lift-}. */
  public String commonPrefix() {
    return topics.name("lift-");
  }
}
