/**
 * Files of models and checkpoints, read and written without an engine: safetensors, folders of
 * published models, PEFT folders, and checkpoints for export.
 */
package io.lift.checkpoint;
