package io.lift.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundSharingTest {
  private final RoundSharing sharing = new RoundSharing(Duration.ofSeconds(20), 4);

  @Test
  void aTaskAloneTrainsForHalfOfTheAgeLessTheEndOfTheRound() {
    assertThat(sharing.trainingSeconds(1, 3)).isEqualTo(7);
  }

  @Test
  void theTimeIsSharedByPriority() {
    assertThat(sharing.trainingSeconds(0.25, 1)).isEqualTo(1.5);
    assertThat(sharing.sliceSeconds(0.25)).isEqualTo(2.5);
  }

  @Test
  void howeverManyTasksThereAreARoundTrainsABitAndASliceIsWorthItsBeginning() {
    assertThat(sharing.trainingSeconds(0.01, 2)).isEqualTo(RoundSharing.LEAST_TRAINING);
    assertThat(sharing.sliceSeconds(0.01)).isEqualTo(RoundSharing.LEAST_SLICE);
  }
}
