/**
 * The models in memory: which one answers a task, how checkpoints are loaded, and how answers are
 * calibrated.
 */
package io.lift.inference.models;
