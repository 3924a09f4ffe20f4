/**
 * {@code lift checkpoint}: reads checkpoints from Kafka and writes them as folders that other tools
 * open.
 */
package io.lift.cli.checkpoint;
