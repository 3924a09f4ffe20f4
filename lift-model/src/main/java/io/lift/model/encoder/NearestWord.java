package io.lift.model.encoder;

import io.lift.model.text.WordLikeness;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Likeness by meaning: the inner product of two words' vectors, and by their letters where there is
 * no encoder. A word is like another only if it is clearly less like every other. Codes such as
 * {@code A12} have no meaning and are like nothing. Thread-safe.
 */
public final class NearestWord implements WordLikeness {
  private static final double LEAST = 0.5;
  private static final double LEAST_LEAD = 0.08; // over the second
  private static final int MOST_LETTERS = 40;
  private static final Pattern MEANING = Pattern.compile("(?U)\\p{Alpha}{3}");

  private final Supplier<TextReader> reader;

  /**
   * @param reader opened when the first such word comes
   */
  public NearestWord(Supplier<TextReader> reader) {
    this.reader = reader;
  }

  @Override
  public int nearest(List<String> words, String word) {
    if (word.length() > MOST_LETTERS || !MEANING.matcher(word).find()) {
      return -1;
    }
    List<TextFeatures> read =
        reader.get().read(Stream.concat(words.stream(), Stream.of(word)).toList());
    TextFeatures own = read.get(words.size());
    int nearest = -1;
    double most = 0;
    double second = 0;
    for (int w = 0; w < words.size(); w++) {
      double likeness = own.likeness(read.get(w));
      if (likeness > most) {
        second = most;
        most = likeness;
        nearest = w;
      } else {
        second = Math.max(second, likeness);
      }
    }
    return most >= LEAST && most - second >= LEAST_LEAD ? nearest : -1;
  }
}
