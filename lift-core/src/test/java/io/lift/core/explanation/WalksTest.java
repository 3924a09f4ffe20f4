package io.lift.core.explanation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.explanation.Walks.Size;
import io.lift.core.explanation.Walks.Walk;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalksTest {

  @Test
  void theSameSeedDrawsTheSameWalksAndAnotherDrawsOthers() {
    assertThat(text(Walks.draw(9, 100, 16, 1))).isEqualTo(text(Walks.draw(9, 100, 16, 1)));
    assertThat(text(Walks.draw(9, 100, 16, 1))).isNotEqualTo(text(Walks.draw(9, 100, 16, 2)));
  }

  private static List<String> text(List<Walk> walks) {
    return walks.stream().map(w -> w.row() + java.util.Arrays.toString(w.order())).toList();
  }

  @Test
  void aWalkReplacesEachColumnOnceAndNoRowComesAgainWhileThereAreOthers() {
    List<Walk> walks = Walks.draw(5, 20, 16, 3);
    assertThat(walks)
        .hasSize(16)
        .allSatisfy(walk -> assertThat(walk.order()).containsExactlyInAnyOrder(0, 1, 2, 3, 4));
    assertThat(walks.stream().map(Walk::row).distinct()).hasSize(16);
    assertThat(Walks.draw(5, 1, 16, 3)).extracting(Walk::row).containsOnly(0);
  }

  @Test
  void eachColumnIsTheFirstStepAboutAsOftenAsEveryOther() {
    int[] firsts = new int[4];
    for (long seed = 0; seed < 500; seed++) {
      Walks.draw(4, 8, 8, seed).forEach(walk -> firsts[walk.order()[0]]++);
    }
    for (int count : firsts) {
      assertThat(count).isBetween(900, 1100);
    }
  }

  @Test
  void aWideTableHasFewerWalksAndThenFewerColumns() {
    assertThat(Walks.size(9, 16, 4, 1024)).isEqualTo(new Size(9, 16));
    assertThat(Walks.size(64, 16, 4, 1024)).isEqualTo(new Size(64, 16));
    assertThat(Walks.size(130, 16, 4, 1024)).isEqualTo(new Size(130, 7));
    assertThat(Walks.size(784, 16, 4, 1024)).isEqualTo(new Size(256, 4));
    assertThat(Walks.size(784, 16, 4, 1)).isEqualTo(new Size(1, 4));
  }
}
