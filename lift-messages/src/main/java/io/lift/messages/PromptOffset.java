package io.lift.messages;

/**
 * A place on {@code lift.prompts}.
 *
 * @param partition a partition of the topic
 * @param offset an offset of it
 */
public record PromptOffset(int partition, long offset) {}
