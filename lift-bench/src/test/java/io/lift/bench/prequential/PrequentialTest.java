package io.lift.bench.prequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.bench.baseline.Baselines;
import io.lift.core.answer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrequentialTest {
  private static final double NEAR = 1e-9;

  @Test
  void accuracyAndLogLossAreOfTheFirstAnswerToEachRow() {
    Prequential score = new Prequential(stream("a", "b", "a", "a"));
    score.answer(0, answer(0.8));
    score.answer(0, answer(0.1));
    score.answer(1, answer(0.6));
    score.answer(2, answer(0.5));

    assertThat(score.answers()).isEqualTo(3);
    assertThat(score.accuracy()).isEqualTo(0.5); // the second is wrong, the fourth is missing
    double loss = -(Math.log(0.8) + Math.log(0.4) + Math.log(0.5) + Math.log(0.5)) / 4;
    assertThat(score.logLoss()).isCloseTo(loss, within(NEAR));
    assertThat(score.majority()).isEqualTo(0.75);
    assertThat(score.parts(2)).containsExactly(0.5, 0.5);
  }

  @Test
  void aDriftIsRecoveredOnceAHundredRowsAreNearlyAsGoodAsTheEndOfTheConcept() {
    String[] labels = new String[1_000];
    java.util.Arrays.fill(labels, "a");
    Prequential score = new Prequential(stream(labels));
    for (int row = 0; row < labels.length; row++) {
      boolean wrong = row >= 300 && row < 340;
      score.answer(row, answer(wrong ? 0.1 : 0.9));
    }

    assertThat(score.rowsUntilRecovered(300, 1_000)).isEqualTo(135); // 5 of 100 may be wrong
    assertThat(score.rowsUntilRecovered(500, 1_000)).isEqualTo(100);
  }

  @Test
  void aWindowPeerLearnsOnlyFromRowsBeforeTheOnesThatItAnswers() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (int n = 0; n < 400; n++) {
      boolean first = n < 200;
      String label = n % 2 == 0 == first ? "a" : "b"; // the rule is reversed at row 200
      rows.add(Map.of("x", Integer.toString(n % 2), "y", label));
    }
    Prequential score =
        new WindowPeer(Baselines.named("tree", true).with("depth 3"))
            .run(new StreamTable("flip", "y", rows));

    assertThat(score.answers()).isEqualTo(300);
    assertThat(score.accuracy(100, 200)).isEqualTo(1);
    assertThat(score.accuracy(200, 300)).isZero();
  }

  @Test
  void aFolderHasStreamsAndFiguresOfOthers(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("one.csv"), "x,y\n1,a\n2,b\n3,a\n");
    Files.writeString(folder.resolve("peers.csv"), "stream,NB,HAT\none,50.5,75\n");

    List<StreamTable> streams = StreamTable.readAll(folder, 2);
    assertThat(streams).hasSize(1);
    assertThat(streams.get(0).name()).isEqualTo("one");
    assertThat(streams.get(0).target()).isEqualTo("y");
    assertThat(streams.get(0).rows()).hasSize(2);
    assertThat(PeerFigures.read(folder).of("one")).isEqualTo(Map.of("NB", 0.505, "HAT", 0.75));
  }

  private static Answer answer(double a) {
    return Answer.ofLabels(a >= 0.5 ? "a" : "b", Map.of("a", a, "b", 1 - a));
  }

  private static StreamTable stream(String... labels) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (String label : labels) {
      rows.add(Map.of("x", "1", "y", label));
    }
    if (!List.of(labels).contains("b")) {
      rows.set(0, Map.of("x", "1", "y", "b"));
    }
    return new StreamTable("stream", "y", rows);
  }
}
