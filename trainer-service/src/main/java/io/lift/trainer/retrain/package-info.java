/**
 * Retraining in spare time: which task has outgrown its ensemble, how a new one is trained in
 * slices, and whether it is better than the one that serves.
 */
package io.lift.trainer.retrain;
