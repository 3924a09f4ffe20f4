package io.lift.model.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.model.Examples;
import io.lift.model.random.SeededRandom;
import io.lift.model.scoring.RowSampler.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowSamplerTest {
  private static final TaskLanguage LANGUAGE = Examples.generating(Examples.signs());
  private static final ColumnLanguage COLUMNS = LANGUAGE.columns();
  private static final int COLOUR = 2;

  /** Draws any cell of the column, as if all were equally probable. */
  private static final ColumnAnswers ANY =
      (questions, temperature, seed) -> {
        List<String> drawn = new ArrayList<>();
        for (int q = 0; q < questions.size(); q++) {
          List<String> cells = COLUMNS.candidates(questions.get(q).column());
          drawn.add(cells.get((int) (new SeededRandom(seed, q).uniform() * cells.size())));
        }
        return drawn;
      };

  @Test
  void everyColumnButTextIsDrawnOnceGivenThoseBeforeIt() {
    List<ColumnQuestion> asked = new ArrayList<>();
    ColumnAnswers counting =
        (questions, temperature, seed) -> {
          asked.addAll(questions);
          return ANY.draw(questions, temperature, seed);
        };
    Sample sample = new RowSampler(COLUMNS, counting).sample(Map.of(), 300, 1, 5);

    assertThat(sample.rejected()).isZero();
    assertThat(sample.rows()).hasSize(300);
    assertThat(asked).hasSize(4 * 300);
    for (ColumnQuestion question : asked) {
      assertThat(question.cells()[question.column()]).isNull();
    }
    for (int column : new int[] {0, 1, COLOUR, COLUMNS.target()}) {
      // in a random order: each column is the first of about a quarter of the rows
      assertThat(asked.stream().filter(q -> q.column() == column && known(q) == 0).count())
          .isBetween(45L, 105L);
      assertThat(asked.stream().filter(q -> q.column() == column && known(q) == 3).count())
          .isBetween(45L, 105L);
    }
    TaskSpec task = LANGUAGE.task();
    for (Map<String, Object> row : sample.rows()) {
      assertThat(row.keySet()).containsExactly("a", "b", "colour", "same"); // no note
      assertThat((Double) row.get("a")).isBetween(-3.0, 3.0);
      assertThat((Double) row.get("a") * 100)
          .isCloseTo(
              Math.rint((Double) row.get("a") * 100), org.assertj.core.api.Assertions.within(1e-6));
      assertThat(task.labels()).contains((String) row.get("same"));
    }
  }

  private static long known(ColumnQuestion question) {
    return java.util.Arrays.stream(question.cells()).filter(cell -> cell != null).count();
  }

  @Test
  void givenValuesStayAndAreKnownFromTheStart() {
    ColumnAnswers checking =
        (questions, temperature, seed) -> {
          for (ColumnQuestion question : questions) {
            assertThat(question.cells()[0]).isEqualTo("99"); // beyond the grid, and the range seen
            assertThat(question.cells()[COLOUR]).isEqualTo("blue");
          }
          return ANY.draw(questions, temperature, seed);
        };
    Sample sample =
        new RowSampler(COLUMNS, checking).sample(Map.of("a", 7.5, "colour", "blue"), 20, 1, 5);
    assertThat(sample.rows())
        .hasSize(20)
        .allSatisfy(row -> assertThat(row).containsEntry("a", 7.5).containsEntry("colour", "blue"));
  }

  @Test
  void theSameSeedDrawsTheSameRows() {
    RowSampler sampler = new RowSampler(COLUMNS, ANY);
    Sample first = sampler.sample(Map.of(), 300, 1, 5);
    assertThat(sampler.sample(Map.of(), 300, 1, 5)).isEqualTo(first);
    assertThat(sampler.sample(Map.of(), 300, 1, 6)).isNotEqualTo(first);
    assertThat(first.rows()).doesNotHaveDuplicates();
  }

  @Test
  void anAnswerThatDoesNotFitIsDrawnAgain() {
    ColumnAnswers clumsy =
        (questions, temperature, seed) -> {
          List<String> drawn = ANY.draw(questions, temperature, seed);
          for (int q = 0; q < drawn.size(); q++) {
            if (questions.get(q).column() == COLOUR && new SeededRandom(seed, -q).uniform() < 0.5) {
              drawn.set(q, "green");
            }
          }
          return drawn;
        };
    Sample sample = new RowSampler(COLUMNS, clumsy).sample(Map.of(), 400, 1, 5);
    assertThat(sample.rows())
        .hasSize(400)
        .allSatisfy(row -> assertThat(row.get("colour")).isIn("red", "blue"));
    assertThat(sample.rejected()).isBetween(10, 50); // one row in 16 fails four times
  }

  @Test
  void aModelThatWritesNonsenseEndsWithoutRows() {
    RowSampler sampler =
        new RowSampler(
            COLUMNS, (questions, temperature, seed) -> questions.stream().map(q -> "?").toList());
    assertThat(sampler.sample(Map.of(), 10, 1, 5)).isEqualTo(new Sample(List.of(), 40));
  }
}
