package io.lift.bench.paper;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.bench.baseline.Baseline;
import io.lift.bench.baseline.Baselines;
import io.lift.cli.base.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The results of some experiments as the documents show them: what {@link ExperimentJson} has of
 * each, with how they came about.
 *
 * <pre>
 * {"command": "lift bench paper --only classification", "date": "2026-11-29",
 *  "machine": "2 processors, Java 17", "experiments": [{…,
 *    "sets": [{"name": "tae", "rows": 151, "test_rows": 31, "seconds": 92.4}, …],
 *    "baselines": [{"name": "svm", "title": "SVM, RBF", "settings": "…"}, …]}]}
 * </pre>
 *
 * <p>Seconds are those of Lift's training and prediction, the mean of the runs.
 */
record PublishedResults(
    List<Experiment> experiments, Sets sets, CellFiles files, PaperFigures figures) {

  /** Writes the file, over an earlier one. */
  void write(Path file) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put(
        "command",
        "lift bench paper --only "
            + String.join(" ", experiments.stream().map(Experiment::name).toList()));
    root.put("date", LocalDate.now().toString());
    root.put("machine", PaperPage.machine());
    ArrayNode parts = root.putArray("experiments");
    for (Experiment experiment : experiments) {
      ObjectNode part = ExperimentJson.of(experiment, files, figures);
      addSets(part.putArray("sets"), experiment);
      addBaselines(part.putArray("baselines"), experiment);
      parts.add(part);
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, root.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new CliException(e, "Cannot write " + file + ".");
    }
  }

  private void addSets(ArrayNode all, Experiment experiment) {
    for (String name : experiment.sets()) {
      SetData data = sets.load(name, 0);
      ObjectNode one = all.addObject();
      one.put("name", name);
      one.put("rows", data.train().size() + data.valid().size() + data.test().size());
      one.put("test_rows", data.test().size());
      OptionalDouble seconds =
          experiment
              .cells(name, experiment.variants().get(0), Experiment.LIFT)
              .map(files::scores)
              .flatMap(Optional::stream)
              .mapToDouble(Scores::seconds)
              .average();
      seconds.ifPresent(mean -> one.put("seconds", mean));
    }
  }

  private static void addBaselines(ArrayNode all, Experiment experiment) {
    for (String method : experiment.methods()) {
      if (!method.equals(Experiment.LIFT)) {
        Baseline baseline = Baselines.named(method, experiment.isClassification());
        ObjectNode one = all.addObject();
        one.put("name", method);
        one.put("title", baseline.title());
        one.put("settings", baseline.settings());
      }
    }
  }
}
