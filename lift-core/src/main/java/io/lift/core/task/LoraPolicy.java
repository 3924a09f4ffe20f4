package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The low-rank adapters of a task (LoRA; Hu et al., arXiv 2106.09685): {@code alpha / rank * B A}
 * is added to each chosen linear layer {@code W}, and only {@code A} and {@code B} are trained.
 * Null fields take the trainer's default.
 *
 * @param rank rows of {@code A}
 * @param alpha numerator of the scale
 * @param dropout probability that an input of {@code A} is dropped in a training step
 * @param modules names of the layers: a whole path or its end, such as {@code q_proj}; {@code
 *     all-linear} for every linear layer but the head; {@code lm_head} for the head
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoraPolicy(Integer rank, Double alpha, Double dropout, List<String> modules) {
  /** A policy without any field set. */
  public static final LoraPolicy OPEN = new LoraPolicy(null, null, null, null);

  public LoraPolicy {
    modules = modules == null ? null : List.copyOf(modules);
  }

  /** This policy with the {@code defaults} of its null fields. */
  public LoraPolicy orElse(LoraPolicy defaults) {
    return new LoraPolicy(
        rank == null ? defaults.rank : rank,
        alpha == null ? defaults.alpha : alpha,
        dropout == null ? defaults.dropout : dropout,
        modules == null ? defaults.modules : modules);
  }
}
