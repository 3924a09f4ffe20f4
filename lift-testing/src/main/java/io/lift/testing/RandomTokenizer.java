package io.lift.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A byte-level BPE tokenizer of any size, laid out as GPT-2's: the bytes as letters, then merges of
 * letters and digits, and {@code <|endoftext|>} as the last token.
 */
final class RandomTokenizer {
  private static final String END = "<|endoftext|>";
  private static final String ALPHABET = "etaoinshrdlucmwfgypbvkjxqz0123456789";

  private RandomTokenizer() {}

  /**
   * The bytes of a {@code tokenizer.json}.
   *
   * @param size number of tokens, at least 300
   */
  static byte[] byteLevel(int size) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (int b = 0; b < 256; b++) {
      vocabulary.put(letter(b), b);
    }
    List<String> merges = new ArrayList<>();
    List<String> firsts = new ArrayList<>(List.of(letter(' ')));
    ALPHABET.chars().forEach(c -> firsts.add(letter(c)));
    // pairs first, then longer merges, until there are enough tokens
    while (vocabulary.size() < size - 1) {
      List<String> made = new ArrayList<>();
      for (String first : firsts) {
        for (int i = 0; i < ALPHABET.length() && vocabulary.size() < size - 1; i++) {
          String second = letter(ALPHABET.charAt(i));
          merges.add(first + " " + second);
          vocabulary.put(first + second, vocabulary.size());
          made.add(first + second);
        }
      }
      firsts.clear();
      firsts.addAll(made);
    }
    vocabulary.put(END, size - 1);
    Map<String, Object> level =
        Map.of(
            "type",
            "ByteLevel",
            "add_prefix_space",
            false,
            "trim_offsets",
            true,
            "use_regex",
            true);
    Map<String, Object> end =
        Map.of(
            "id",
            size - 1,
            "content",
            END,
            "single_word",
            false,
            "lstrip",
            false,
            "rstrip",
            false,
            "normalized",
            false,
            "special",
            true);
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("version", "1.0");
    root.put("added_tokens", List.of(end));
    root.put("pre_tokenizer", level);
    root.put("post_processor", level);
    root.put("decoder", level);
    root.put(
        "model",
        Map.of("type", "BPE", "vocab", vocabulary, "merges", merges, "byte_fallback", false));
    try {
      return new ObjectMapper().writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** GPT-2's letter for a byte: itself if it is visible, else a letter beyond Latin-1. */
  private static String letter(int b) {
    if (visible(b)) {
      return Character.toString(b);
    }
    int number = 256;
    for (int other = 0; other < b; other++) {
      number += visible(other) ? 0 : 1;
    }
    return Character.toString(number);
  }

  private static boolean visible(int b) {
    return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
  }
}
