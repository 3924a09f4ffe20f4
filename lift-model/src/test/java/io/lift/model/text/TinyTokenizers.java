package io.lift.model.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small {@code tokenizer.json} files, laid out as the published ones are. */
public final class TinyTokenizers {
  private static final String CORPUS =
      "When we have x1=5.10, x2=3.50, x3=1.40, x4=0.20, What is this type? ### 10@@@ "
          + "When we have age=39, income=61, what should be the y value?### 57@@@ yes no high low";
  private static final ObjectMapper JSON = new ObjectMapper();

  private TinyTokenizers() {}

  /** As GPT-2's: bytes as letters, and so many merges; {@code <|endoftext|>} is the last token. */
  public static byte[] byteLevel(int merges) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (int b = 0; b < 256; b++) {
      vocabulary.put(letter(b), b);
    }
    List<List<String>> words = new ArrayList<>();
    for (String word : CORPUS.split("(?= )|(?<=[a-z])(?=[0-9=?])|(?<=[^a-z ])(?=[a-z])")) {
      List<String> letters = new ArrayList<>();
      for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
        letters.add(letter(b & 0xff));
      }
      words.add(letters);
    }
    List<String> pairs = learn(words, vocabulary, merges);
    vocabulary.put("<|endoftext|>", vocabulary.size());
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
    return json(
        Map.of(
            "version",
            "1.0",
            "added_tokens",
            List.of(special(vocabulary.size() - 1, "<|endoftext|>")),
            "pre_tokenizer",
            level,
            "post_processor",
            level,
            "decoder",
            level,
            "model",
            Map.of("type", "BPE", "vocab", vocabulary, "merges", pairs, "byte_fallback", false)));
  }

  /** As Llama 2's: blanks as ▁, unknown letters as bytes, and {@code <s>} before every text. */
  public static byte[] metaspace(int merges) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (String mark : List.of("<unk>", "<s>", "</s>")) {
      vocabulary.put(mark, vocabulary.size());
    }
    for (int b = 0; b < 256; b++) {
      vocabulary.put("<0x%02X>".formatted(b), vocabulary.size());
    }
    List<List<String>> words = new ArrayList<>();
    for (String word : ("▁" + CORPUS.replace(' ', '▁')).split("(?=▁)")) {
      List<String> letters = new ArrayList<>(Arrays.asList(word.split("")));
      letters.forEach(letter -> vocabulary.putIfAbsent(letter, vocabulary.size()));
      words.add(letters);
    }
    List<String> pairs = learn(words, vocabulary, merges);
    return json(
        Map.of(
            "version",
            "1.0",
            "added_tokens",
            List.of(special(0, "<unk>"), special(1, "<s>"), special(2, "</s>")),
            "normalizer",
            Map.of(
                "type",
                "Sequence",
                "normalizers",
                List.of(
                    Map.of("type", "Prepend", "prepend", "▁"),
                    Map.of("type", "Replace", "pattern", Map.of("String", " "), "content", "▁"))),
            "post_processor",
            Map.of(
                "type",
                "TemplateProcessing",
                "single",
                List.of(
                    Map.of("SpecialToken", Map.of("id", "<s>", "type_id", 0)),
                    Map.of("Sequence", Map.of("id", "A", "type_id", 0))),
                "pair",
                List.of(
                    Map.of("Sequence", Map.of("id", "A", "type_id", 0)),
                    Map.of("Sequence", Map.of("id", "B", "type_id", 1))),
                "special_tokens",
                Map.of("<s>", Map.of("id", "<s>", "ids", List.of(1), "tokens", List.of("<s>")))),
            "decoder",
            Map.of(
                "type",
                "Sequence",
                "decoders",
                List.of(
                    Map.of("type", "Replace", "pattern", Map.of("String", "▁"), "content", " "),
                    Map.of("type", "ByteFallback"),
                    Map.of("type", "Fuse"),
                    Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0))),
            "model",
            Map.of(
                "type",
                "BPE",
                "unk_token",
                "<unk>",
                "fuse_unk",
                true,
                "byte_fallback",
                true,
                "vocab",
                vocabulary,
                "merges",
                pairs)));
  }

  /** Byte pair encoding: joins the most frequent neighbours, again and again. */
  private static List<String> learn(
      List<List<String>> words, Map<String, Integer> vocabulary, int merges) {
    List<String> learned = new ArrayList<>();
    while (learned.size() < merges) {
      Map<List<String>, Integer> counts = new LinkedHashMap<>();
      for (List<String> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          counts.merge(List.of(word.get(i), word.get(i + 1)), 1, Integer::sum);
        }
      }
      if (counts.isEmpty()) {
        break;
      }
      List<String> best =
          counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
      String joined = best.get(0) + best.get(1);
      learned.add(best.get(0) + " " + best.get(1));
      vocabulary.putIfAbsent(joined, vocabulary.size());
      for (List<String> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          if (word.get(i).equals(best.get(0)) && word.get(i + 1).equals(best.get(1))) {
            word.set(i, joined);
            word.remove(i + 1);
          }
        }
      }
    }
    return learned;
  }

  private static Map<String, Object> special(int id, String content) {
    Map<String, Object> token = new HashMap<>();
    token.put("id", id);
    token.put("content", content);
    token.put("special", true);
    for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      token.put(flag, false);
    }
    return token;
  }

  /** GPT-2's letter for a byte: itself where it prints, else one from 256 on. */
  private static String letter(int b) {
    int hidden = 0;
    for (int i = 0; i <= b; i++) {
      boolean prints = i >= '!' && i <= '~' || i >= 0xA1 && i <= 0xAC || i >= 0xAE;
      if (i == b) {
        return Character.toString(prints ? b : 256 + hidden);
      }
      hidden += prints ? 0 : 1;
    }
    throw new AssertionError();
  }

  private static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
