package io.lift.formats.sink;

/** Whether predictions can be written to a topic. */
public sealed interface WriterState {

  /** They can. */
  record Ready(PredictionWriter writer) implements WriterState {}

  /**
   * The number of the schema is not known yet: the registry is being asked, is away, refuses access
   * or is not configured.
   *
   * @param why one sentence without a full stop; null while the registry is asked for the first
   *     time
   */
  record Waiting(String why) implements WriterState {}

  /**
   * The registry does not take the schema.
   *
   * @param why one sentence
   */
  record Refused(String why) implements WriterState {}
}
