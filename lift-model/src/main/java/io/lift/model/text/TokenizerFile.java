package io.lift.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.checkpoint.InvalidModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A {@code tokenizer.json}, run by HuggingFace's library. A mark such as {@code <|endoftext|>} in a
 * text is tokenized as letters, so that no row can forge a special token. Thread-safe.
 */
final class TokenizerFile implements AutoCloseable {
  /** Most unused rows of an embedding table, which may be padded to a round size. */
  static final int MAX_UNUSED = 1024;

  private static final int MAX_TOKENS = 1 << 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final HuggingFaceTokenizer tokenizer;
  private final int size;
  private final Set<Integer> special;
  private final int[] beginning;
  private final int[] end;

  private TokenizerFile(String name, ObjectNode root) {
    this.name = name;
    this.size = size(name, root);
    JsonNode processor = root.path("post_processor");
    this.beginning = template(name, processor, size, false);
    this.end = template(name, processor, size, true);
    this.special = special(root);
    removeSpecialTokens(root);
    setDefault("OPT_OUT_TRACKING", "true");
    // otherwise the library looks for a GPU build of itself and downloads it
    setDefault("RUST_FLAVOR", "cpu");
    try {
      this.tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(JSON.writeValueAsBytes(root)),
              Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
    } catch (IOException | RuntimeException e) {
      throw unusable(name, e);
    } catch (LinkageError e) {
      throw new InvalidModelException(
          "The tokenizers' native library cannot be loaded: " + e.getMessage() + ".");
    }
  }

  /**
   * Opens a file.
   *
   * @param name of the file, for messages
   * @throws InvalidModelException if the library cannot run it
   */
  static TokenizerFile open(String name, byte[] json) {
    return new TokenizerFile(name, object(name, json));
  }

  /** The error message for a tokenizer that the library cannot run. */
  static InvalidModelException unusable(String name, Exception cause) {
    return new InvalidModelException(
        name + " is not a tokenizer that can be used: " + cause.getMessage() + ".");
  }

  /**
   * Checks that tokenizer and weights belong together.
   *
   * @param rows rows of the embedding table
   * @throws InvalidModelException if the weights have another vocabulary
   */
  void checkFits(int rows) {
    if (size > rows || rows - size > MAX_UNUSED) {
      throw new InvalidModelException(
          "%s has %d tokens, but the weights were made for %d: they do not belong together."
              .formatted(name, size, rows));
    }
  }

  /** The number of tokens, special ones included. */
  int size() {
    return size;
  }

  /** Whether a token is a special token of the model, which no text contains. */
  boolean isSpecial(int id) {
    return special.contains(id);
  }

  /** The special tokens that the model expects before every text, such as a beginning mark. */
  int[] beginning() {
    return beginning.clone();
  }

  /** The special tokens that the model expects after every text. */
  int[] end() {
    return end.clone();
  }

  /** The tokens of a text, without special ones. */
  int[] ids(String text) {
    // the wrapper would also fetch the text and the offsets of each token
    long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), wellFormed(text), false);
    try {
      long[] ids = TokenizersLibrary.LIB.getTokenIds(encoding);
      return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  /** The text of tokens. */
  String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false);
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  /** Replaces unpaired surrogates, which UTF-8 cannot encode. */
  private static String wellFormed(String text) {
    if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static ObjectNode object(String file, byte[] json) {
    try {
      if (JSON.readTree(json) instanceof ObjectNode root) {
        return root;
      }
    } catch (IOException e) {
      String why = e instanceof JsonProcessingException p ? p.getOriginalMessage() : e.getMessage();
      throw new InvalidModelException(file + " is not JSON: " + why + ".");
    }
    throw new InvalidModelException(file + " is not a tokenizer: it is not a JSON object.");
  }

  /** The number of tokens: one more than the largest id. */
  private static int size(String file, ObjectNode root) {
    JsonNode vocabulary = root.path("model").path("vocab");
    long largest = vocabulary.isArray() ? vocabulary.size() - 1L : -1;
    if (vocabulary.isObject()) {
      for (Iterator<JsonNode> ids = vocabulary.elements(); ids.hasNext(); ) {
        largest = Math.max(largest, id(file, ids.next()));
      }
    }
    for (JsonNode added : root.path("added_tokens")) {
      largest = Math.max(largest, id(file, added.path("id")));
    }
    if (largest < 0) {
      throw new InvalidModelException(file + " is not a tokenizer: it has no vocabulary.");
    }
    String unknown = root.path("model").path("unk_token").asText("null");
    if (vocabulary.isObject() && !unknown.equals("null") && !vocabulary.has(unknown)) {
      throw new InvalidModelException(
          file + " lacks its own token for unknown text, " + unknown + ".");
    }
    return (int) largest + 1;
  }

  private static int id(String file, JsonNode id) {
    if (!id.canConvertToInt()
        || !id.isIntegralNumber()
        || id.intValue() < 0
        || id.intValue() >= MAX_TOKENS) {
      throw new InvalidModelException(file + " gives a token the id " + id + ".");
    }
    return id.intValue();
  }

  /** The special tokens that the template puts before a text, or after it. */
  private static int[] template(String file, JsonNode processor, int size, boolean after) {
    for (JsonNode part : processor.path("processors")) {
      int[] found = template(file, part, size, after);
      if (found.length > 0) {
        return found;
      }
    }
    IntStream.Builder ids = IntStream.builder();
    boolean text = false;
    for (JsonNode piece : processor.path("single")) {
      if (!piece.has("SpecialToken")) {
        text = true;
        continue;
      }
      String token = piece.path("SpecialToken").path("id").asText();
      for (JsonNode id : processor.path("special_tokens").path(token).path("ids")) {
        int value = id(file, id);
        if (value >= size) {
          throw new InvalidModelException(
              file + " begins texts with " + value + ", which is not a token.");
        }
        if (text == after) {
          ids.add(value);
        }
      }
    }
    return ids.build().toArray();
  }

  private static Set<Integer> special(ObjectNode root) {
    Set<Integer> ids = new HashSet<>();
    for (JsonNode added : root.path("added_tokens")) {
      if (added.path("special").asBoolean()) {
        ids.add(added.path("id").intValue());
      }
    }
    return Set.copyOf(ids);
  }

  /**
   * Removes what this class does itself. The library would end the process if a template is
   * invalid.
   */
  private static void removeSpecialTokens(ObjectNode root) {
    root.remove(List.of("post_processor", "truncation", "padding"));
    if (root.get("added_tokens") instanceof ArrayNode added) {
      Iterator<JsonNode> tokens = added.elements();
      while (tokens.hasNext()) {
        if (tokens.next().path("special").asBoolean()) {
          tokens.remove();
        }
      }
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null && System.getenv(property) == null) {
      System.setProperty(property, value);
    }
  }
}
