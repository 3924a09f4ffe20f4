package io.lift.page.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RefusalRateTest {
  private static final long NOW = 1_764_000_000_000L;

  private final RefusalRate rate = new RefusalRate();

  @Test
  void aCallerFillsNoTopicAndTheNextRecordSaysHowManyWereLeftOut() {
    for (int i = 0; i < RefusalRate.OF_CALLER; i++) {
      assertThat(rate.record("anna", NOW + i)).isEqualTo(OptionalInt.of(0));
    }
    for (int i = 0; i < 70; i++) {
      assertThat(rate.record("anna", NOW + 1_000 + i)).isEmpty();
    }

    assertThat(rate.record("anna", NOW + 60_000)).isEqualTo(OptionalInt.of(70));
    assertThat(rate.record("anna", NOW + 60_001)).isEqualTo(OptionalInt.of(0));
  }

  @Test
  void oneCallerDoesNotHideAnother() {
    for (int i = 0; i < 100; i++) {
      rate.record("anna", NOW);
    }

    assertThat(rate.record("berta", NOW)).isEqualTo(OptionalInt.of(0));
  }

  @Test
  void manyCallersTogetherAreBoundedToo() {
    int recorded = 0;
    for (int i = 0; i < 5_000; i++) {
      recorded += rate.record("caller " + i, NOW).isPresent() ? 1 : 0;
    }

    assertThat(recorded).isEqualTo(RefusalRate.OF_ALL);
  }
}
