package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.model.text.TableColumn;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenCellsTest {
  private final TokenCells cells =
      new TokenCells(
          List.of(
              new TableColumn(400, 100, null, null, false),
              new TableColumn(501, 3, List.of("red", "green", "blue"), List.of(1, 2, 0), false)));

  @Test
  void positionsAndCategoriesAreReadFromTokens() {
    assertThat(cells.categories()).containsExactly(0, 3);
    assertThat(cells.of(new int[] {457, 502, 380})).containsExactly(57, 1);
  }

  @Test
  void theLastOfSeveralRowsIsReadEvenWhereACellIsMissing() {
    assertThat(cells.of(new int[] {457, 502, 380, 459, 504, 380})).containsExactly(59, -1);
  }

  @Test
  void missingCellsAreMinusOne() {
    assertThat(cells.of(new int[] {500, 504, 380})).containsExactly(-1, -1);
    assertThat(cells.of(new int[] {380})).containsExactly(-1, -1);
  }
}
