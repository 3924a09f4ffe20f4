/**
 * What a trainer writes to the log and reads back from it: checkpoints with their offsets,
 * rollbacks, dead letters and progress.
 */
package io.lift.trainer.publish;
