package io.lift.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaperCoverageTest {
  private static final Path PAGE =
      Path.of("").toAbsolutePath().getParent().resolve("docs/paper-experiments.md");
  private static final String BEGIN = "<!-- experiments -->\n";
  private static final String END = "<!-- end of experiments -->";

  @Test
  void everyExperimentOfThePaperNamesWhatRunsItOrWhyNothingDoes() {
    List<String> known = Experiments.all().stream().map(Experiment::name).toList();

    assertThat(Experiments.ofPaper())
        .allSatisfy(
            one -> {
              assertThat(known).as(one.title()).containsAll(one.by());
              assertThat(one.by().isEmpty())
                  .as(one.title())
                  .isEqualTo(one.covered() == PaperExperiment.Coverage.NO);
              assertThat(one.why() == null)
                  .as(one.title())
                  .isEqualTo(one.covered() == PaperExperiment.Coverage.YES);
            });
  }

  /** {@code -Dlift.docs.write=true} rewrites the page. */
  @Test
  void thePageListsTheExperimentsOfThePaper() throws IOException {
    String text = Files.readString(PAGE);
    assertThat(text).contains(BEGIN, END);
    String expected =
        text.substring(0, text.indexOf(BEGIN) + BEGIN.length())
            + PaperCoverage.markdown()
            + text.substring(text.indexOf(END));
    if (Boolean.getBoolean("lift.docs.write")) {
      Files.writeString(PAGE, expected);
      text = expected;
    }

    assertThat(text)
        .as(
            "%s is stale; 'mvn -pl lift-bench -am test -Dtest=PaperCoverageTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dlift.docs.write=true' rewrites it",
            PAGE)
        .isEqualTo(expected);
  }
}
