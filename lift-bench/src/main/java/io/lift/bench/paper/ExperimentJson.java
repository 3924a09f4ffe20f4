package io.lift.bench.paper;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.bench.baseline.Baselines;
import java.util.Locale;

/** The figures of one experiment as JSON; {@link Report} shows its form. */
final class ExperimentJson {
  private ExperimentJson() {}

  /** The results that are there, and the paper's. */
  static ObjectNode of(Experiment experiment, CellFiles files, PaperFigures figures) {
    ObjectNode part = JsonNodeFactory.instance.objectNode();
    part.put("name", experiment.name());
    part.put("title", experiment.title());
    ArrayNode all = part.putArray("figures");
    for (Measure measure : experiment.measures()) {
      add(all, Table.of(experiment, measure, files, figures));
    }
    ArrayNode differences = part.putArray("differences");
    for (Difference difference : Difference.of(experiment, files)) {
      add(differences, difference);
    }
    return part;
  }

  private static String both(String variant, String way) {
    return variant.isEmpty() || way.isEmpty() ? variant + way : variant + ", " + way;
  }

  private static void add(ArrayNode all, Difference difference) {
    PairedBootstrap.Interval interval = difference.interval();
    ObjectNode one = all.addObject();
    one.put("mean", difference.mean());
    one.put("variant", difference.variant());
    one.put("baseline", difference.method());
    one.put("settings", Baselines.named(difference.method(), true).settings());
    one.put("measure", Measure.ACCURACY.key());
    one.put("difference", interval.difference());
    one.put("low", interval.low());
    one.put("high", interval.high());
    one.put("noise", interval.isNoise());
    one.put("test_rows", difference.rows());
    one.put("runs", difference.runs());
  }

  private static void add(ArrayNode all, Table table) {
    for (Table.Row row : table.rows()) {
      for (int i = 0; i < table.columns().size(); i++) {
        Estimate figure = row.figures().get(i);
        if (figure != null) {
          Table.Column column = table.columns().get(i);
          ObjectNode one = all.addObject();
          one.put("set", row.set());
          one.put("variant", both(row.variant(), column.variant()));
          one.put("method", column.method());
          one.put("source", column.source().name().toLowerCase(Locale.ROOT));
          one.put("measure", table.measure().key());
          one.put("mean", figure.mean());
          if (figure.deviation() != null) {
            one.put("deviation", figure.deviation());
          }
          one.put("runs", figure.runs());
        }
      }
    }
  }
}
