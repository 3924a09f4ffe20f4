package io.lift.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final long NOW = 1_795_412_766_958L;
  private static final List<Source> SOURCES =
      List.of(
          new Source("orders", null, "a").as(SourceFormat.DEBEZIUM, "json:id", List.of(), null),
          new Source("returns", 5L, "b"));

  private final TaskSpec task =
      new TaskSpec(
          "loans",
          3,
          TaskType.CLASSIFICATION,
          List.of(Column.category("car", List.of("a", "b"))),
          Column.category("group", List.of("A", "B")),
          null,
          null,
          SOURCES,
          null,
          null);

  @Test
  void everySourceIsReadAgainInTheNextVersionAndKeepsItsFormat() {
    TaskSpec next = Replay.of(task, "2026-11-29T08:00:00Z", null, NOW);

    assertThat(next.version()).isEqualTo(4);
    assertThat(next.sources()).extracting(Source::topic).containsExactly("orders", "returns");
    assertThat(next.sources()).extracting(Source::reading).doesNotContain("a", "b");
    assertThat(next.sources()).extracting(Source::from).containsOnly(1_795_939_200_000L);
    assertThat(next.sources().get(0).format()).isEqualTo(SourceFormat.DEBEZIUM);
    assertThat(next.sources().get(0).key()).isEqualTo("json:id");
  }

  @Test
  void oneSourceIsReadAgainAndTheOtherGoesOn() {
    TaskSpec next = Replay.of(task, "earliest", "returns", NOW);

    assertThat(next.sources().get(0)).isEqualTo(SOURCES.get(0));
    assertThat(next.sources().get(1).from()).isNull();
    assertThat(next.sources().get(1).reading()).isNotEqualTo("b");
  }

  @Test
  void whatIsImpossibleIsSaidInASentence() {
    assertThatThrownBy(() -> Replay.of(task, "earliest", "other", NOW))
        .hasMessage("Topic 'other' is no source of task 'loans'; its sources are orders, returns.");
    assertThatThrownBy(() -> Replay.of(task, "yesterday", null, NOW))
        .hasMessageContaining("not 'yesterday'")
        .hasMessageEndingWith(".");
    assertThatThrownBy(
            () -> Replay.of(task.toBuilder().sources(List.of()).build(), "earliest", null, NOW))
        .hasMessageContaining("reads no topic of its own");
  }
}
