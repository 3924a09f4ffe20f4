package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Low-rank adapters (LoRA) of a task: beside each chosen linear layer {@code W} stands {@code alpha
 * / rank * B A}, and only {@code A} and {@code B} are trained. Null fields take the trainer's
 * default.
 *
 * @param rank rows of {@code A}
 * @param alpha numerator of the scale
 * @param dropout share of the layer's input that the adapter does not see in a training step
 * @param modules names of the layers, each a whole path or its end, such as {@code q_proj}; {@code
 *     all-linear} stands for every linear layer but the output head, {@code lm_head} for the head
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoraPolicy(Integer rank, Double alpha, Double dropout, List<String> modules) {
  /** A policy that leaves everything to the trainer. */
  public static final LoraPolicy OPEN = new LoraPolicy(null, null, null, null);

  public LoraPolicy {
    modules = modules == null ? null : List.copyOf(modules);
  }

  /** This policy, with {@code defaults} where it leaves things open. */
  public LoraPolicy orElse(LoraPolicy defaults) {
    return new LoraPolicy(
        rank == null ? defaults.rank : rank,
        alpha == null ? defaults.alpha : alpha,
        dropout == null ? defaults.dropout : dropout,
        modules == null ? defaults.modules : modules);
  }
}
