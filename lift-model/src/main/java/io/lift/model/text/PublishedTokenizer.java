package io.lift.model.text;

import io.lift.checkpoint.InvalidModelException;
import java.util.Arrays;

/**
 * The tokenizer of a published decoder: its {@code tokenizer.json}. Thread-safe.
 *
 * <p>A text is a {@link #start} and any number of {@link #continuation}s. Each is tokenized
 * separately, so that a completion has the same tokens after any prompt.
 */
public final class PublishedTokenizer implements AutoCloseable {
  private static final String ANCHOR = "\n";

  private final TokenizerFile file;
  private final int[] anchor;

  private PublishedTokenizer(String name, TokenizerFile file) {
    this.file = file;
    this.anchor = start(ANCHOR);
    int[] probe = start(ANCHOR + "a");
    if (!Arrays.equals(anchor, prefix(probe)) || !(ANCHOR + "a").equals(decode(probe))) {
      throw new InvalidModelException(
          name + " cannot continue a text after a line break, which completions need.");
    }
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @param name of the file, for messages
   * @throws InvalidModelException if the library cannot run it
   */
  public static PublishedTokenizer read(String name, byte[] json) {
    TokenizerFile file = TokenizerFile.open(name, json);
    try {
      return new PublishedTokenizer(name, file);
    } catch (InvalidModelException e) {
      file.close();
      throw e;
    } catch (RuntimeException e) {
      file.close();
      throw TokenizerFile.unusable(name, e);
    }
  }

  /**
   * Checks that tokenizer and weights belong together.
   *
   * @param rows rows of the embedding table
   * @throws InvalidModelException if the weights have another vocabulary
   */
  public void checkFits(int rows) {
    file.checkFits(rows);
  }

  /** The number of tokens, special ones included. */
  public int size() {
    return file.size();
  }

  /** Whether a token is a special token of the model, which no text contains. */
  public boolean isSpecial(int id) {
    return file.isSpecial(id);
  }

  /** The special tokens that the model expects before every text, such as a beginning mark. */
  public int[] beginning() {
    return file.beginning();
  }

  /** The tokens of a text at the beginning of a sequence, without {@link #beginning}. */
  public int[] start(String text) {
    return file.ids(text);
  }

  /**
   * The tokens of a text that follows other text.
   *
   * @throws IllegalArgumentException if the text begins with a line break
   */
  public int[] continuation(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    int[] ids = start(ANCHOR + text);
    if (!Arrays.equals(anchor, prefix(ids))) {
      // the anchor was merged with the text, which then begins with a line break too
      throw new IllegalArgumentException("a continuation must begin with a visible character");
    }
    return Arrays.copyOfRange(ids, anchor.length, ids.length);
  }

  /** The text of tokens from the {@link #start}. */
  public String decode(int[] ids) {
    return file.decode(ids);
  }

  /** The text of the tokens of {@link #continuation}s. */
  public String decodeContinuation(int[] ids) {
    int[] all = Arrays.copyOf(anchor, anchor.length + ids.length);
    System.arraycopy(ids, 0, all, anchor.length, ids.length);
    return decode(all).substring(ANCHOR.length());
  }

  @Override
  public void close() {
    file.close();
  }

  private int[] prefix(int[] ids) {
    return Arrays.copyOf(ids, Math.min(ids.length, anchor.length));
  }
}
