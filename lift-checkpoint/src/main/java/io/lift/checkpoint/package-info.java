/**
 * Files of models and checkpoints, without an engine: safetensors, folders of published models,
 * PEFT folders, and the export of checkpoints.
 */
package io.lift.checkpoint;
