package io.lift.core.prompt;

/**
 * A training example: a prompt with its completion.
 *
 * @param prompt the row
 * @param completion the answer followed by {@code @@@}; for regression the target's grid number
 */
public record Example(Prompt prompt, String completion) {}
