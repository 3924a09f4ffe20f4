package io.lift.bench.paper;

import java.util.List;
import java.util.stream.Collectors;

/** Which of the paper's experiments are run here, as a Markdown table. */
final class PaperCoverage {
  private PaperCoverage() {}

  /** The counts in one sentence, then a row for each experiment of the paper. */
  static String markdown() {
    List<PaperExperiment> all = Experiments.ofPaper();
    StringBuilder text = new StringBuilder();
    text.append(
        "Of %d experiments of the paper %d are run, %d in part and %d not.%n%n"
            .formatted(
                all.size(),
                count(all, PaperExperiment.Coverage.YES),
                count(all, PaperExperiment.Coverage.PARTLY),
                count(all, PaperExperiment.Coverage.NO)));
    text.append("| experiment of the paper | run | as | what is missing |\n|---|---|---|---|\n");
    for (PaperExperiment one : all) {
      text.append(
          "| %s | %s | %s | %s |%n"
              .formatted(
                  one.title(),
                  one.covered().word(),
                  one.by().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")),
                  one.why() == null ? "" : one.why()));
    }
    return text.toString();
  }

  private static long count(List<PaperExperiment> all, PaperExperiment.Coverage coverage) {
    return all.stream().filter(one -> one.covered() == coverage).count();
  }
}
