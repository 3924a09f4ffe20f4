package io.lift.model.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.ContextPolicy;
import io.lift.core.task.ContextPolicy.Pick;
import io.lift.core.task.LearningMethod;
import io.lift.model.Examples;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContextRowsTest {
  private static final TaskLanguage LANGUAGE = Examples.signs();

  @Test
  void theRowsMostAlikeStandBeforeTheQuestionTheMostAlikeLast() {
    List<Example> rows =
        List.of(row(2, 2, "red"), row(0.1, 0, "red"), row(-2, 0, "red"), row(0, 0, "blue"));

    Prompt query = nearest(2, rows).withContext(row(0, 0, "red").prompt());

    // a number 0.1 deviations off is nearer than another word
    assertThat(query.context()).containsExactly(rows.get(3), rows.get(1));
    assertThat(query.fullText()).startsWith(rows.get(3).prompt().text() + " yes@@@ When we have");
  }

  @Test
  void aRowIsNeverItsOwnContext() {
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      rows.add(row(i / 10.0, 0, "red"));
    }
    ContextRows nearest = nearest(5, rows);
    ContextRows random = random(5, rows);
    for (int own = 0; own < rows.size(); own++) {
      Example row = rows.get(own);
      assertThat(nearest.trainingPrompt(row.prompt(), own, new SeededRandom(own)).context())
          .hasSize(5)
          .doesNotContain(row);
      assertThat(random.trainingPrompt(row.prompt(), own, new SeededRandom(own)).context())
          .hasSize(5)
          .doesNotContain(row);
    }
    assertThat(nearest.withContext(rows.get(3).prompt()).context()).contains(rows.get(3));
  }

  @Test
  void randomRowsAreTheSameForEveryQueryOfACheckpointAndNewForEveryTrainingRow() {
    List<Example> rows = Examples.examples(Examples.signs(50, 3));
    ContextRows context = random(8, rows);

    List<Example> first = context.withContext(rows.get(0).prompt()).context();
    assertThat(first).hasSize(8).doesNotHaveDuplicates();
    assertThat(context.withContext(rows.get(9).prompt()).context()).isEqualTo(first);
    assertThat(context.trainingPrompt(rows.get(0).prompt(), 0, new SeededRandom(1)).context())
        .isNotEqualTo(
            context.trainingPrompt(rows.get(0).prompt(), 0, new SeededRandom(2)).context());
  }

  @Test
  void theNewestRowsOfARoundAreKeptOldestFirst() {
    List<Example> rows = new ArrayList<>();
    IntStream.range(0, ContextRows.MAX_ROWS + 5)
        .forEach(n -> rows.add(row(0.06 * (n % 90 - 45), 0.2 * (n / 90 - 5), "red")));
    int fresh = 100;
    LearningMethod method =
        LearningMethod.builder().context(new ContextPolicy(Pick.NEAREST, 1)).build();

    RoundContext context = RoundContext.of(LANGUAGE, method, 7, rows, fresh);

    assertThat(context.rows().rows().size()).isEqualTo(ContextRows.MAX_ROWS);
    assertThat(context.indices()).hasSize(rows.size());
    // rehearsed rows are older than all new ones
    for (int n = 0; n < rows.size(); n++) {
      int index = n < fresh ? ContextRows.MAX_ROWS - fresh + n : n - fresh - 5;
      assertThat(context.indices()[n]).isEqualTo(Math.max(-1, index));
    }
    Prompt oldest = rows.get(fresh + 5).prompt();
    assertThat(context.rows().withContext(oldest).context()).containsExactly(rows.get(fresh + 5));
    assertThat(context.trainingPrompt(fresh + 5, oldest, null).context())
        .hasSize(1)
        .doesNotContain(rows.get(fresh + 5));
    assertThat(RoundContext.of(LANGUAGE, LearningMethod.PLAIN, 7, rows, fresh)).isNull();
  }

  @Test
  void fewerRowsThanThePolicyWantsAreAllUsed() {
    assertThat(nearest(5, List.of()).withContext(row(0, 0, "red").prompt()).context()).isEmpty();
    assertThat(
            random(5, List.of(row(0, 0, "red"))).withContext(row(0, 0, "red").prompt()).context())
        .hasSize(1);
  }

  @Test
  void aCheckpointCarriesTheRows() {
    List<Example> rows = Examples.examples(Examples.signs(20, 4));
    for (Pick pick : Pick.values()) {
      ContextRows context = new ContextRows(LANGUAGE.task(), new ContextPolicy(pick, 3), 7, rows);
      ContextRows again = ContextRows.ofJson(LANGUAGE.task(), context.toJson());

      Prompt query = rows.get(0).prompt();
      assertThat(again.withContext(query).fullText())
          .isEqualTo(context.withContext(query).fullText());
      assertThat(again.toJson()).isEqualTo(context.toJson());
    }
  }

  @Test
  void damagedRowsAreRefused() {
    String good = nearest(2, List.of(row(0, 0, "red"))).toJson();
    for (String bad :
        List.of(
            "",
            "{",
            "null",
            good.replace("NEAREST", "BEST"),
            good.replace("\"count\":2", "\"count\":0"),
            good.replaceFirst("\\[\\d+,", "[9999,"),
            good.replace("\"yes@@@\"", "1"))) {
      assertThatThrownBy(() -> ContextRows.ofJson(LANGUAGE.task(), bad))
          .as(bad)
          .isInstanceOf(InvalidCheckpointException.class);
    }
  }

  private static ContextRows nearest(int count, List<Example> rows) {
    return new ContextRows(LANGUAGE.task(), new ContextPolicy(Pick.NEAREST, count), 7, rows);
  }

  private static ContextRows random(int count, List<Example> rows) {
    return new ContextRows(LANGUAGE.task(), new ContextPolicy(Pick.RANDOM, count), 7, rows);
  }

  private static Example row(double a, double b, String colour) {
    Map<String, Object> values = new HashMap<>(Map.of("a", a, "b", b, "colour", colour));
    return new Example(LANGUAGE.prompt(new Row(values, null)), "yes@@@");
  }
}
