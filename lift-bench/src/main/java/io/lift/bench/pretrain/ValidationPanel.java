package io.lift.bench.pretrain;

import io.lift.model.incontext.RowFeatures;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Fixed tables that nothing is pretrained on: of the prior, at several sizes, and {@link
 * DevelopmentTables}.
 */
final class ValidationPanel {
  private static final long SEED = -20261129;
  private static final int TABLES = 12;
  private static final int QUERIES = 100;
  private static final int DEVELOPMENT_TABLES = 3;
  private static final int[] ROWS = {30, 120, 400};
  private static final int COLUMNS = 8;

  private final Map<String, TableBatch> batches = new LinkedHashMap<>();

  ValidationPanel() {
    for (int i = 0; i < ROWS.length; i++) {
      for (int classes : new int[] {RowFeatures.LABELS, 0}) {
        String name = (classes == 0 ? "numbers-" : "labels-") + ROWS[i];
        TableBatch.Size size = new TableBatch.Size(TABLES, ROWS[i], QUERIES, COLUMNS, classes);
        batches.put(name, TableBatch.draw(SEED, i, classes, size));
      }
    }
    DevelopmentTables.all()
        .forEach(
            (name, drawn) -> {
              PriorTable[] tables = new PriorTable[DEVELOPMENT_TABLES];
              SeededRandom[] randoms = new SeededRandom[DEVELOPMENT_TABLES];
              for (int t = 0; t < tables.length; t++) {
                randoms[t] = new SeededRandom(SEED, RandomStream.PRETRAINING, t);
                tables[t] = drawn.apply(100 + QUERIES, randoms[t]);
              }
              batches.put(name, TableBatch.of(tables, randoms, 100));
            });
  }

  /** Names and values, in one line: right answers of labels, mean absolute error of numbers. */
  String line(Function<TableBatch, TransformerTraining.Report> evaluate) {
    return batches.entrySet().stream()
        .map(
            batch -> {
              TransformerTraining.Report report = evaluate.apply(batch.getValue());
              return String.format(
                  Locale.ROOT, "%s %.4f/%.4f", batch.getKey(), report.loss(), report.score());
            })
        .collect(Collectors.joining(", "));
  }
}
