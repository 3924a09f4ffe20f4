package io.lift.model.encoder;

import java.util.Arrays;
import java.util.Locale;

/**
 * The words of a text, its pairs of neighbouring words, and runs of three to five letters within
 * what blanks separate. There is no dictionary: each is known by a hash of 32 bits (Weinberger et
 * al. 2009), so that names and misspelt words count too.
 */
final class TextGrams {
  private static final int SHORTEST_RUN = 3;
  private static final int LONGEST_RUN = 5;

  /** Letters that are read of a text. */
  private static final int MOST_LETTERS = 4096;

  // what a hash is of, so that a word differs from the same run of letters
  private static final int WORD = 1;
  private static final int PAIR = 2;
  private static final int RUN = 3;

  private int[] hashes = new int[256];
  private int size;

  private TextGrams() {}

  /** The grams of a text with their counts, and no vector. */
  static TextFeatures of(String text) {
    TextGrams grams = new TextGrams();
    int[] letters = text.toLowerCase(Locale.ROOT).codePoints().limit(MOST_LETTERS).toArray();
    grams.addWords(letters);
    grams.addRuns(letters);
    return grams.counted();
  }

  private void addWords(int[] letters) {
    int before = 0;
    int from = 0;
    while (from < letters.length) {
      int to = from;
      while (to < letters.length
          && (Character.isLetterOrDigit(letters[to]) || letters[to] == '_')) {
        to++;
      }
      if (to > from) {
        int word = hash(WORD, letters, from, to);
        add(word);
        if (before != 0) {
          add(mixed(PAIR, before, word));
        }
        before = word;
      }
      from = to + 1;
    }
  }

  private void addRuns(int[] letters) {
    int from = 0;
    while (from < letters.length) {
      int to = from;
      while (to < letters.length && !Character.isWhitespace(letters[to])) {
        to++;
      }
      if (to > from) {
        int[] padded = new int[to - from + 2]; // a blank before and after
        Arrays.fill(padded, ' ');
        System.arraycopy(letters, from, padded, 1, to - from);
        for (int length = SHORTEST_RUN; length <= LONGEST_RUN; length++) {
          for (int i = 0; i + length <= padded.length; i++) {
            add(hash(RUN, padded, i, i + length));
          }
        }
      }
      from = to + 1;
    }
  }

  private void add(int hash) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * size);
    }
    hashes[size++] = hash;
  }

  private TextFeatures counted() {
    Arrays.sort(hashes, 0, size);
    int[] grams = new int[size];
    float[] counts = new float[size];
    int distinct = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || hashes[i] != hashes[i - 1]) {
        grams[distinct++] = hashes[i];
      }
      counts[distinct - 1]++;
    }
    return new TextFeatures(null, Arrays.copyOf(grams, distinct), Arrays.copyOf(counts, distinct));
  }

  private static int hash(int kind, int[] letters, int from, int to) {
    int hash = kind;
    for (int i = from; i < to; i++) {
      hash = mixed(hash, letters[i], i - from);
    }
    return finished(hash);
  }

  private static int mixed(int hash, int first, int second) {
    return (hash * 0x9E3779B1 + first) * 0x85EBCA6B + second;
  }

  /** The last step of MurmurHash3, so that like inputs have unlike hashes. */
  private static int finished(int hash) {
    int h = hash;
    h = (h ^ h >>> 16) * 0x85EBCA6B;
    h = (h ^ h >>> 13) * 0xC2B2AE35;
    return h ^ h >>> 16;
  }
}
