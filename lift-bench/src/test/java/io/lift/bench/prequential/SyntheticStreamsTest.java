package io.lift.bench.prequential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SyntheticStreamsTest {

  @Test
  void theSameSeedGivesTheSameTablesAndTheFirstIsWide() {
    List<StreamTable> tables = SyntheticStreams.of(3, 120, 1);

    assertThat(tables).isEqualTo(SyntheticStreams.of(3, 120, 1));
    assertThat(tables).isNotEqualTo(SyntheticStreams.of(3, 120, 2));
    assertThat(tables).allSatisfy(table -> assertThat(table.rows()).hasSize(120));
    assertThat(tables.get(0).rows().get(0)).hasSize(SyntheticStreams.WIDEST + 1);
    assertThat(tables.get(1).rows().get(0).size()).isLessThan(20);
  }

  @Test
  void noLabelHasMostOfTheRows() {
    for (StreamTable table : SyntheticStreams.of(20, 200, 1)) {
      assertThat(new Prequential(table).majority()).as(table.name()).isLessThan(0.6);
    }
  }

  @Test
  void theFirstAnswerToARowIsItsLatency() {
    Latencies latencies = new Latencies(3);
    assertThat(latencies.quantile(0.5)).isNaN();

    latencies.sent(1);
    latencies.answered(1);
    double first = latencies.quantile(1);
    latencies.answered(1);

    assertThat(latencies.quantile(1)).isPositive().isEqualTo(first);
  }
}
