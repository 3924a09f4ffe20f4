package io.lift.bench.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.checkpoint.InvalidCheckpointException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PretrainingTest {
  private static final PretrainingRecipe RECIPE = new PretrainingRecipe(40, 640, 5);

  @Test
  void theLossFallsAndAPretrainingThatWasStoppedEndsInTheSameBytes() {
    byte[] inOneGo;
    double early = 0;
    double late = 0;
    try (Pretraining pretraining = Pretraining.start(RECIPE, "cpu")) {
      for (int s = 0; s < RECIPE.steps(); s++) {
        double loss = pretraining.next().loss();
        early += s < 10 ? loss / 10 : 0;
        late += s >= RECIPE.steps() - 10 ? loss / 10 : 0;
      }
      inOneGo = pretraining.checkpoint();
    }
    assertThat(late).isLessThan(early);

    byte[] half;
    try (Pretraining pretraining = Pretraining.start(RECIPE, "cpu")) {
      for (int s = 0; s < 15; s++) {
        pretraining.next();
      }
      half = pretraining.checkpoint();
    }
    try (Pretraining resumed = Pretraining.resume(RECIPE, half, "cpu")) {
      assertThat(resumed.step()).isEqualTo(15);
      while (resumed.step() < RECIPE.steps()) {
        resumed.next();
      }
      assertThat(resumed.checkpoint()).isEqualTo(inOneGo);
    }
  }

  @Test
  void stepsThatArePlannedLaterChangeNothingWhileTheRateIsLevel() {
    PretrainingRecipe few = new PretrainingRecipe(1000, 640, 1);
    PretrainingRecipe many = new PretrainingRecipe(4000, 640, 1);
    for (int s = 0; s < 750; s++) {
      assertThat(few.rate(s)).isEqualTo(many.rate(s));
    }
    assertThat(few.rate(999)).isBetween(0.0, few.rate(900));
  }

  @Test
  void aDamagedCheckpointIsRefused() {
    byte[] file;
    try (Pretraining pretraining = Pretraining.start(RECIPE, "cpu")) {
      file = pretraining.checkpoint();
    }
    byte[] cut = Arrays.copyOf(file, file.length / 2);
    assertThatThrownBy(() -> Pretraining.resume(RECIPE, cut, "cpu"))
        .isInstanceOf(InvalidCheckpointException.class);
  }
}
