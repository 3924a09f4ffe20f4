package io.lift.model.training;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.PeftConfig;
import io.lift.model.decoder.FlatLayout;

/** What a checkpoint must fit when it is read: a base model and a task's language. */
public interface CheckpointTarget {

  /** The base model's hash. */
  String base();

  /** The task language's hash. */
  String language();

  /** The hash of the in-context model. Asked for only if the checkpoint gives it weight. */
  String inContextModel();

  /**
   * The layout of all weights of a member.
   *
   * @throws InvalidCheckpointException if this base is trained by adapters only
   */
  FlatLayout allWeights();

  /**
   * The layout of an adapter.
   *
   * @param tensors names of its matrices
   * @throws InvalidModelException if it does not fit
   */
  AdapterLayout adapter(PeftConfig config, Iterable<String> tensors);
}
