package io.lift.core.prompt;

/**
 * A row as the model reads it.
 *
 * @param text the sentence, ending in {@code ###}
 * @param grid where grid numbers (0..99) stand in the text: start and end offsets in turn, in
 *     characters, ascending; training may move these numbers a little (noise augmentation)
 */
public record Prompt(String text, int[] grid) {}
