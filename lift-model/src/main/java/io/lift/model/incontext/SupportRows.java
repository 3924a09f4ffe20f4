package io.lift.model.incontext;

import io.lift.model.incontext.texts.LabelMeanings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labelled rows with their texts.
 *
 * @param table their cells and labels
 * @param texts of the text columns, (rows, text columns); null for a task without any
 * @param meanings of the labels; null for none
 */
public record SupportRows(LabelledRows table, List<List<String>> texts, LabelMeanings meanings) {

  /** How many rows there are. */
  public int size() {
    return table.size();
  }

  /** Whether there is anything but texts. */
  boolean hasCells() {
    return table.categories().length > 0;
  }

  /**
   * Some of the rows.
   *
   * @param rows their indices
   */
  SupportRows subset(int[] rows) {
    return new SupportRows(
        table.subset(rows),
        texts == null ? null : Arrays.stream(rows).mapToObj(texts::get).toList(),
        meanings);
  }

  /** The rows without their labels. */
  List<RowContent> contents() {
    return IntStream.range(0, size())
        .mapToObj(r -> new RowContent(table.cells()[r], texts == null ? List.of() : texts.get(r)))
        .toList();
  }
}
