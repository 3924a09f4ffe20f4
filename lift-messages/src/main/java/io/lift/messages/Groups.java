package io.lift.messages;

/**
 * The services' consumer groups. Each is also how the transactional ids of its service begin:
 * {@code GROUP-instance}.
 */
public final class Groups {
  public static final String SERIALIZER = Namespace.name("lift-serializer");

  public static final String TRAINER = Namespace.name("lift-trainer");

  /** Where {@code lift.inference.group} names no other. */
  public static final String INFERENCE = Namespace.name("lift-inference");

  /** What the name of the group ends in that reads requests for rows, after that above. */
  public static final String GENERATION_SUFFIX = "-generation";

  /** A Kafka Streams application; where {@code lift.evaluator.application-id} names no other. */
  public static final String EVALUATOR = Namespace.name("lift-evaluator");

  private Groups() {}
}
