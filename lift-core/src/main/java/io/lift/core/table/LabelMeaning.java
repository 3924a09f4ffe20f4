package io.lift.core.table;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells labels that are probably one from others. */
final class LabelMeaning {
  private static final Map<String, String> ANSWERS =
      Stream.of(
              Map.of("yes", "yes y true t ja oui si sim да on"),
              Map.of("no", "no n false f nein non não nao нет off"))
          .flatMap(meaning -> meaning.entrySet().stream())
          .flatMap(
              meaning ->
                  Stream.of(meaning.getValue().split(" "))
                      .map(word -> Map.entry(word, meaning.getKey())))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private LabelMeaning() {}

  /** The same text for labels that probably mean the same. */
  static String of(String label) {
    String key =
        Normalizer.normalize(label, Normalizer.Form.NFKC)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[\\s_]+", " ")
            .replaceAll("^[\\p{Punct}\\s]+(?=[\\p{L}])|(?<=[\\p{L}\\p{N}])[.!,;:\\s]+$", "")
            .strip();
    return ANSWERS.getOrDefault(key, key);
  }
}
