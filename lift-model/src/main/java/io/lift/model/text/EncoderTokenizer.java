package io.lift.model.text;

import java.util.Arrays;

/** The tokenizer of an encoder: its {@code tokenizer.json}. Thread-safe. */
public final class EncoderTokenizer implements AutoCloseable {
  private final TokenizerFile file;
  private final int maxLength;

  private EncoderTokenizer(TokenizerFile file, int maxLength) {
    this.file = file;
    this.maxLength = maxLength;
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @param name of the file, for messages
   * @param rows rows of the model's embedding table
   * @param maxLength tokens that are read of a text, special ones included
   * @throws io.lift.checkpoint.InvalidModelException if the library cannot run it, or if it does
   *     not belong to the model
   */
  public static EncoderTokenizer read(String name, byte[] json, int rows, int maxLength) {
    TokenizerFile file = TokenizerFile.open(name, json);
    try {
      file.checkFits(rows);
      return new EncoderTokenizer(file, maxLength);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * The tokens of a text with the special ones before and after it; the end of a long one is cut.
   */
  public int[] ids(String text) {
    int[] before = file.beginning();
    int[] after = file.end();
    int[] own = file.ids(text);
    int length = Math.min(own.length, maxLength - before.length - after.length);
    int[] ids = Arrays.copyOf(before, before.length + length + after.length);
    System.arraycopy(own, 0, ids, before.length, length);
    System.arraycopy(after, 0, ids, before.length + length, after.length);
    return ids;
  }

  @Override
  public void close() {
    file.close();
  }
}
