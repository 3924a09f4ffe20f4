package io.lift.model.training;

/** Named sets of training numbers. */
public enum Preset {
  /** All weights of the embedded model, with noise on the numbers. */
  EMBEDDED,
  /** Adapters on a frozen base, with the numbers of the LIFT paper's code for GPT-J. */
  PAPER
}
