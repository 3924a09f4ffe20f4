package io.lift.checkpoint;

/** The names of the parts of a checkpoint file, which is safetensors. */
public final class CheckpointNames {
  /** Metadata: the members that were trained side by side with their weights, as JSON. */
  public static final String ENSEMBLE = "ensemble";

  /** Metadata: the number of members. */
  public static final String MEMBERS = "members";

  /** Metadata: the base model's hash. */
  public static final String BASE = "base_model";

  /** Metadata: the task language's hash. */
  public static final String LANGUAGE = "task_language";

  /** Metadata: the training recipe, as text for the reader. */
  public static final String RECIPE = "recipe";

  /** Metadata: PEFT's configuration, of an adapter only. */
  public static final String ADAPTER = "adapter_config";

  /** Metadata: optimizer steps since the base model. */
  public static final String STEP = "step";

  /** Metadata: the seed of every random choice. */
  public static final String SEED = "seed";

  /** Metadata: completed rounds. */
  public static final String ROUNDS = "rounds";

  /** Metadata: steps done of the running round, within a round only. */
  public static final String ROUND_STEP = "round_step";

  /** Metadata: the hash of the running round's rows, within a round only. */
  public static final String ROUND_ROWS = "round_rows";

  /** Metadata: the hash of the in-context model, where it has a weight. */
  public static final String IN_CONTEXT_MODEL = "in_context_model";

  /** Metadata: labelled rows that stand before prompts as JSON, of a task with context only. */
  public static final String CONTEXT = "context";

  /** Metadata: the texts of the support set as JSON, of a task with text columns only. */
  public static final String TEXTS = "texts";

  /** Tensor: the rows that the in-context model reads, (rows, columns + 1). */
  public static final String SUPPORT_SET = "support_set";

  /** Before a member's number in the names of its tensors. */
  public static final String MEMBER = "member.";

  /** Before a member's number in the names of its optimizer's tensors. */
  public static final String OPTIMIZER = "optimizer.";

  private CheckpointNames() {}

  /** Before the names of a member's tensors: of whole models, and of several adapters. */
  public static String member(int number) {
    return MEMBER + number + ".";
  }

  /** The tensor of AdamW's running mean of a member's gradient. */
  public static String firstMoment(int member) {
    return OPTIMIZER + member + ".first_moment";
  }

  /** The tensor of AdamW's running mean of its square. */
  public static String secondMoment(int member) {
    return OPTIMIZER + member + ".second_moment";
  }
}
