package io.lift.trainer.round;

import io.lift.trainer.publish.LineageOrigin;

/**
 * An ensemble trained in spare time, from which a round continues instead of from the parent's.
 *
 * @param file its checkpoint file
 * @param heldBackFrom offset of the first row that it was not trained on
 * @param origin what it was started with
 */
public record RetrainedEnsemble(byte[] file, long heldBackFrom, LineageOrigin origin) {}
