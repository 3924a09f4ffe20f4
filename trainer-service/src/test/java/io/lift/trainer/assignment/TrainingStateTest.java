package io.lift.trainer.assignment;

import static io.lift.trainer.assignment.TrainingState.FAILED;
import static io.lift.trainer.assignment.TrainingState.PUBLISHING;
import static io.lift.trainer.assignment.TrainingState.RETIRED;
import static io.lift.trainer.assignment.TrainingState.RETRAINING;
import static io.lift.trainer.assignment.TrainingState.REVOKED;
import static io.lift.trainer.assignment.TrainingState.ROLLING_BACK;
import static io.lift.trainer.assignment.TrainingState.TRAINING;
import static io.lift.trainer.assignment.TrainingState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingStateTest {
  private static final Map<TrainingState, Set<TrainingState>> TRANSITIONS =
      Map.of(
          WAITING, Set.of(TRAINING, RETRAINING, ROLLING_BACK, RETIRED, REVOKED),
          FAILED, Set.of(WAITING, TRAINING, RETRAINING, ROLLING_BACK, RETIRED, REVOKED),
          TRAINING, Set.of(PUBLISHING, WAITING, FAILED, RETIRED, REVOKED),
          PUBLISHING, Set.of(WAITING, FAILED, RETIRED, REVOKED),
          RETRAINING, Set.of(WAITING, FAILED, RETIRED, REVOKED),
          ROLLING_BACK, Set.of(WAITING, FAILED, RETIRED, REVOKED),
          RETIRED, Set.of(),
          REVOKED, Set.of());

  @ParameterizedTest
  @EnumSource
  void aStateHasExactlyTheTransitionsOfItsDocumentation(TrainingState state) {
    for (TrainingState next : TrainingState.values()) {
      if (TRANSITIONS.get(state).contains(next)) {
        assertThat(state.to(next)).isEqualTo(next);
      } else {
        assertThatThrownBy(() -> state.to(next))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("A task's training cannot go from %s to %s", state, next);
      }
    }
  }
}
