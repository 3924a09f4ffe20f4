package io.lift.model.training;

/** Named sets of training settings. */
public enum Preset {
  /** All weights of the embedded model, with noise on the numbers. */
  EMBEDDED,
  /** Adapters on a frozen base, with the settings of the LIFT paper's code for GPT-J. */
  PAPER,
  /** Adapters on a frozen encoder, whose answers are compared with the labels' sentences. */
  ENCODER
}
