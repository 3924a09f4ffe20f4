package io.lift.model;

import io.lift.checkpoint.PeftFolder;
import io.lift.model.training.Preset;
import io.lift.model.training.StepMemory;

/**
 * The training settings of a process, for all tasks.
 *
 * @param preset the settings where a task's policy has none; null for {@link Preset#EMBEDDED} with
 *     the embedded model and {@link Preset#PAPER} with published ones
 * @param adapter the adapter that new fine-tunings start from; null for one that changes nothing
 * @param memory that a step may take
 */
public record TrainingOptions(Preset preset, PeftFolder adapter, StepMemory memory) {
  /** No choices. */
  public static final TrainingOptions DEFAULT = new TrainingOptions(null, null, StepMemory.DEFAULT);
}
