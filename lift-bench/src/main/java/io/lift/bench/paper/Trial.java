package io.lift.bench.paper;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Cells of one method that differ in their test rows alone: what is learned once answers for all.
 */
record Trial(List<Cell> cells) {

  /** All trials of some cells, in the order of their first cells. */
  static List<Trial> of(Collection<Cell> cells) {
    Map<Cell, List<Cell>> together =
        cells.stream()
            .collect(Collectors.groupingBy(Cell::learned, LinkedHashMap::new, Collectors.toList()));
    return together.values().stream().map(Trial::new).toList();
  }

  Cell first() {
    return cells.get(0);
  }

  /** The result of each cell, in their order. */
  List<CellResult> run(PaperMethod method, Sets sets) throws InterruptedException {
    List<SetData> data = cells.stream().map(cell -> cell.data(sets)).toList();
    List<Map<String, String>> test = data.stream().flatMap(each -> each.test().stream()).toList();
    CellResult whole = method.run(first(), data.get(0).withTest(test));
    List<CellResult> results = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < cells.size(); i++) {
      int to = from + data.get(i).test().size();
      results.add(whole.part(cells.get(i), from, to));
      from = to;
    }
    return results;
  }
}
