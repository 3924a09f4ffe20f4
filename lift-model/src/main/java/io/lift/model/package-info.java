/**
 * The language models on DJL's PyTorch: {@link io.lift.model.BaseModel} opens one, {@link
 * io.lift.model.FineTuning} trains it on a task's rows, and {@link io.lift.model.Scorer} answers
 * with a checkpoint.
 */
package io.lift.model;
