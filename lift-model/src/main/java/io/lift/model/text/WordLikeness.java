package io.lift.model.text;

import java.util.List;

/** Finds which of a category's words a word that the category does not have is like. */
@FunctionalInterface
public interface WordLikeness {
  /** Finds none. */
  WordLikeness NONE = (words, word) -> -1;

  /**
   * The index of the word that another one is like; -1 for none.
   *
   * @param words of the category
   * @param word that is not one of them
   */
  int nearest(List<String> words, String word);
}
