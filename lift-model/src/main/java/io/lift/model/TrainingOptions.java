package io.lift.model;

import io.lift.checkpoint.PeftFolder;
import io.lift.model.training.Preset;
import io.lift.model.training.StepMemory;

/**
 * How a trainer fine-tunes, whatever the task.
 *
 * @param preset numbers for what a task's policy leaves open; null for what the base model is made
 *     for: {@link Preset#EMBEDDED} for the embedded one, {@link Preset#PAPER} for published ones
 * @param adapter the adapter that new fine-tunings start from; null for one that changes nothing
 * @param memory what a step may take
 */
public record TrainingOptions(Preset preset, PeftFolder adapter, StepMemory memory) {
  /** Nothing chosen. */
  public static final TrainingOptions DEFAULT = new TrainingOptions(null, null, StepMemory.DEFAULT);
}
