package io.lift.evaluator.scoring;

/**
 * A record that cannot be used, as it came; why and whence stand in the record's headers.
 *
 * @param key the original key, or null
 * @param value the original value, or null
 */
record DeadLetter(byte[] key, byte[] value) implements ParsedInput {}
