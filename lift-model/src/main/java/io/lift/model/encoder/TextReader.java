package io.lift.model.encoder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads texts. What was read of the newest distinct texts is kept, because a row is read for a
 * prediction, as a labelled row of several windows, and by the next checkpoint. Thread-safe.
 */
public final class TextReader implements AutoCloseable {
  /** Memory for the texts that are kept. */
  private static final long MOST_BYTES = 96L << 20;

  private final TextEncoder encoder; // null in a slim build
  private final Cache<String, TextFeatures> cache =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((String text, TextFeatures read) -> 2 * text.length() + read.bytes())
          .recordStats()
          .build();

  /**
   * @param encoder null for none: then texts have no vectors
   */
  public TextReader(TextEncoder encoder) {
    this.encoder = encoder;
  }

  /** The encoder; empty in a slim build. */
  public Optional<TextEncoder> encoder() {
    return Optional.ofNullable(encoder);
  }

  /** Reads texts, those together that have not been read. */
  public List<TextFeatures> read(List<String> texts) {
    Map<String, TextFeatures> read = new HashMap<>();
    Set<String> missing = new LinkedHashSet<>();
    for (String text : texts) {
      TextFeatures known = cache.getIfPresent(text);
      if (known == null) {
        missing.add(text);
      } else {
        read.put(text, known);
      }
    }
    List<String> fresh = List.copyOf(missing);
    float[][] vectors = encoder == null ? new float[fresh.size()][] : encoder.vectors(fresh);
    for (int i = 0; i < vectors.length; i++) {
      TextFeatures grams = TextGrams.of(fresh.get(i));
      TextFeatures whole = new TextFeatures(vectors[i], grams.grams(), grams.counts());
      cache.put(fresh.get(i), whole);
      read.put(fresh.get(i), whole);
    }
    List<TextFeatures> all = new ArrayList<>(texts.size());
    texts.forEach(text -> all.add(read.get(text)));
    return all;
  }

  /**
   * How often texts were asked for.
   *
   * @param kept that had been read before
   * @param fresh that were read then
   */
  public record Counts(long kept, long fresh) {
    /** Of a reader that has not been opened. */
    public static final Counts NONE = new Counts(0, 0);
  }

  /** How often texts were asked for. */
  public Counts counts() {
    CacheStats stats = cache.stats();
    return new Counts(stats.hitCount(), stats.missCount());
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
    }
  }
}
