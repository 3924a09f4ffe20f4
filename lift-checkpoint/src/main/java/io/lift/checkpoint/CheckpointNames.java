package io.lift.checkpoint;

/** What the parts of a checkpoint file are called. */
public final class CheckpointNames {
  /** Metadata: the file's own format. */
  public static final String FORMAT = "format";

  /** The value of {@link #FORMAT}. */
  public static final String VERSION = "lift-checkpoint/2";

  /** Metadata: the models that were trained side by side, and how they are heard. */
  public static final String COMMITTEE = "committee";

  /** Metadata: how many they are. */
  public static final String MEMBERS = "members";

  /** Metadata: the base model's hash. */
  public static final String BASE = "base";

  /** Metadata: PEFT's configuration, of an adapter only. */
  public static final String ADAPTER = "adapter_config";

  /** Metadata: labelled rows that prompts are read after, of a task with context only. */
  public static final String CONTEXT = "context";

  /** Metadata: the hash of the pretrained model that is heard, if one is. */
  public static final String READER = "reader";

  /** The tensor of the rows that the pretrained model reads in context. */
  public static final String SHOWN = "shown";

  /** Before the names of the optimizer's tensors. */
  public static final String OPTIMIZER = "optimizer.";

  /** Before a member's number. */
  public static final String MEMBER = "member.";

  private CheckpointNames() {}

  /** Before the names of a member's tensors: of whole models, and of several adapters. */
  public static String member(int number) {
    return MEMBER + number + ".";
  }
}
