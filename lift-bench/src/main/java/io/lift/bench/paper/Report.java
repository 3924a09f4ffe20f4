package io.lift.bench.paper;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.cli.base.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * The report of the results that are there: a page for people, and a JSON file:
 *
 * <pre>
 * {"at": "2026-11-23T06:00:00Z", "quick": false, "cells": 900, "measured": 880,
 *  "skipped": ["iris"], "failed": {"wine/lift.0": "why"},
 *  "experiments": [{"name": "classification", "title": "…", "figures": [
 *    {"set": "tae", "variant": "", "method": "lift", "source": "lift", "measure": "accuracy",
 *     "mean": 0.61, "deviation": 0.02, "runs": 3}, …],
 *    "differences": [{"mean": "mean of the eight sets", "variant": "", "baseline": "svm",
 *     "settings": "SVM, RBF kernel, …", "measure": "accuracy", "difference": 0.004,
 *     "low": -0.003, "high": 0.011, "noise": true, "test_rows": 1600, "runs": 3}, …]}]}
 * </pre>
 *
 * <p>Sources are {@code lift}, {@code baseline} and {@code paper} (whose {@code runs} is 0);
 * accuracies are shares. A difference is Lift's mean minus the baseline's, with the 95 % interval
 * of {@link PairedBootstrap}; it is noise if the interval holds 0.
 *
 * @param experiments with sets that are at hand
 * @param skipped sets that are not
 * @param quick whether only few rows were used
 */
record Report(
    List<Experiment> experiments, List<String> skipped, Sets sets, CellFiles files, boolean quick) {

  /**
   * Writes {@code NAME.html} and {@code NAME.json}.
   *
   * @param failures why cells failed
   */
  void write(Path directory, String name, Map<Cell, String> failures) {
    PaperFigures figures = new PaperFigures();
    try {
      Files.writeString(directory.resolve(name + ".html"), new PaperPage(this, figures).html());
      Files.writeString(
          directory.resolve(name + ".json"), json(figures, failures).toPrettyString() + "\n");
    } catch (IOException e) {
      throw new CliException(e, "Cannot write the report to " + directory + ".");
    }
  }

  /** All cells, each once. */
  List<Cell> cells() {
    return experiments.stream().flatMap(e -> e.cells().stream()).distinct().toList();
  }

  private ObjectNode json(PaperFigures figures, Map<Cell, String> failures) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    root.put("quick", quick);
    List<Cell> cells = cells();
    root.put("cells", cells.size());
    root.put("measured", cells.stream().filter(files::has).count());
    skipped.forEach(root.putArray("skipped")::add);
    ObjectNode failed = root.putObject("failed");
    failures.forEach((cell, reason) -> failed.put(cell.key(), reason));
    ArrayNode parts = root.putArray("experiments");
    experiments.forEach(e -> parts.add(ExperimentJson.of(e, files, figures)));
    return root;
  }
}
