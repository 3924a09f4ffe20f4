package io.lift.model.training;

import io.lift.core.task.LoraPolicy;
import java.util.List;

/**
 * The low-rank adapters to train, with every setting given.
 *
 * @param rank rows of each A
 * @param alpha the adapters' outputs are scaled by alpha / rank
 * @param dropout before A, in training
 * @param modules names of the layers, {@link #ALL_LINEAR}, or both
 */
public record LoraSettings(int rank, double alpha, double dropout, List<String> modules) {
  /** Every linear layer but the head, as in PEFT. */
  public static final String ALL_LINEAR = "all-linear";

  /** The output head, in all families. */
  public static final String HEAD = "lm_head";

  public LoraSettings {
    modules = List.copyOf(modules);
  }

  /**
   * Rank 16 on all linear layers and the head, as in the LIFT paper's code. That code has no alpha,
   * so the default alpha is the rank.
   */
  static LoraSettings paper(LoraPolicy policy) {
    return of(policy, List.of(ALL_LINEAR, HEAD));
  }

  /** The same for an encoder, which has no head. */
  static LoraSettings encoder(LoraPolicy policy) {
    return of(policy, List.of(ALL_LINEAR));
  }

  private static LoraSettings of(LoraPolicy policy, List<String> modules) {
    LoraPolicy chosen = policy == null ? LoraPolicy.OPEN : policy;
    int rank = chosen.rank() == null ? 16 : chosen.rank();
    return new LoraSettings(
        rank,
        chosen.alpha() == null ? rank : chosen.alpha(),
        chosen.dropout() == null ? 0 : chosen.dropout(),
        chosen.modules() == null ? modules : chosen.modules());
  }
}
