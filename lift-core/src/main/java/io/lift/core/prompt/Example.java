package io.lift.core.prompt;

/**
 * A prompt with its completion, as the model learns it.
 *
 * @param prompt the row
 * @param completion the answer followed by {@code @@@}; for regression the target's grid number
 */
public record Example(Prompt prompt, String completion) {}
