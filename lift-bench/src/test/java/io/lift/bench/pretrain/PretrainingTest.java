package io.lift.bench.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.model.incontext.TransformerShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PretrainingTest {
  private static final TransformerShape SMALL = new TransformerShape(8, 2, 4, 2, 32, 2, 2);
  private static final Schedule SCHEDULE = new Schedule(1000);
  private static final int STEPS = 24;

  private static Pretraining pretraining(PretrainingState from) {
    return new Pretraining(from, SCHEDULE, "cpu", 2);
  }

  /** Without the seconds, which differ. */
  private static byte[] bytes(Pretraining pretraining) {
    PretrainingState state = pretraining.state();
    PretrainingState.Progress p = state.progress();
    return new PretrainingState(
            state.shape(),
            state.weights(),
            state.first(),
            state.second(),
            state.mean(),
            new PretrainingState.Progress(p.seed(), p.step(), p.tables(), 0))
        .toBytes();
  }

  @Test
  void aPretrainingThatWasStoppedEndsInTheSameBytes() {
    byte[] inOneGo;
    try (Pretraining pretraining = pretraining(PretrainingState.initial(SMALL, 5))) {
      while (pretraining.step() < STEPS) {
        pretraining.next();
      }
      inOneGo = bytes(pretraining);
    }
    byte[] half;
    try (Pretraining pretraining = pretraining(PretrainingState.initial(SMALL, 5))) {
      while (pretraining.step() < STEPS / 3) {
        pretraining.next();
      }
      half = pretraining.state().toBytes();
    }
    try (Pretraining resumed = pretraining(PretrainingState.read(SMALL, half))) {
      assertThat(resumed.step()).isEqualTo(STEPS / 3);
      while (resumed.step() < STEPS) {
        resumed.next();
      }
      assertThat(bytes(resumed)).isEqualTo(inOneGo);
    }
  }

  @Test
  void theLossOfTablesThatAreReadOftenFalls() {
    List<TableBatch> batches =
        List.of(
            TableBatch.draw(3, 0, 0, new TableBatch.Size(8, 40, 24, 3, 10)),
            TableBatch.draw(3, 0, 1, new TableBatch.Size(8, 40, 24, 3, 0)));
    try (TransformerTraining training =
        new TransformerTraining(PretrainingState.initial(SMALL, 5), "cpu")) {
      List<TransformerTraining.Report> first = training.update(batches, 4e-3, 2e-3, 1);
      List<TransformerTraining.Report> last = first;
      for (int step = 2; step <= 60; step++) {
        last = training.update(batches, 4e-3, 2e-3, step);
      }
      for (int kind = 0; kind < 2; kind++) {
        assertThat(last.get(kind).loss()).isLessThan(0.9 * first.get(kind).loss());
      }
    }
  }

  @Test
  void aLossThatIsNotFiniteChangesNothing() {
    TableBatch batch = TableBatch.draw(3, 0, 0, new TableBatch.Size(2, 20, 10, 2, 10));
    batch.rows()[0] = Float.NaN;
    PretrainingState from = PretrainingState.initial(SMALL, 5);
    try (TransformerTraining training = new TransformerTraining(from, "cpu")) {
      assertThat(training.update(List.of(batch), 4e-3, 2e-3, 1)).isNull();
      assertThat(training.state(from.progress()).toBytes()).isEqualTo(from.toBytes());
    }
  }

  @Test
  void stepsThatArePlannedLaterChangeNothingWhileTheRatesAreLevel() {
    Schedule many = new Schedule(4 * 1000);
    for (int s = 0; s < 800; s++) {
      assertThat(SCHEDULE.muonRate(s)).isEqualTo(many.muonRate(s));
      assertThat(SCHEDULE.adamRate(s)).isEqualTo(many.adamRate(s));
    }
    assertThat(SCHEDULE.muonRate(999)).isBetween(0.0, SCHEDULE.muonRate(900));
  }

  @Test
  void progressComesBackFromItsFile() {
    PretrainingState.Progress progress = new PretrainingState.Progress(3, 1200, 40_000, 77.5);
    assertThat(PretrainingState.Progress.read(progress.toBytes())).isEqualTo(progress);
    assertThatThrownBy(() -> PretrainingState.Progress.read(new byte[] {'?'}))
        .isInstanceOf(InvalidCheckpointException.class);
  }

  @Test
  void aDamagedCheckpointIsRefused() {
    byte[] file = PretrainingState.initial(SMALL, 5).toBytes();
    byte[] cut = Arrays.copyOf(file, file.length / 2);
    assertThatThrownBy(() -> PretrainingState.read(SMALL, cut))
        .isInstanceOf(InvalidCheckpointException.class);
    assertThatThrownBy(() -> PretrainingState.read(TransformerShape.STANDARD, file))
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageContaining("lacks");
  }
}
