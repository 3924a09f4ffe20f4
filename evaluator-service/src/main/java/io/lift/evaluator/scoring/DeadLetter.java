package io.lift.evaluator.scoring;

/**
 * A record that cannot be used, unchanged. Its headers hold the reason and the origin.
 *
 * @param key the original key, or null
 * @param value the original value, or null
 */
record DeadLetter(byte[] key, byte[] value) implements ParsedInput {}
