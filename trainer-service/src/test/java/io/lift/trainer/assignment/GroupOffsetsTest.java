package io.lift.trainer.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.TrainingPolicy;
import io.lift.trainer.assignment.Work.CommitOffsets;
import io.lift.trainer.prompts.PartitionPosition;
import io.lift.trainer.publish.Claim;
import io.lift.trainer.round.Round;
import io.lift.trainer.training.BudgetFineTuners;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** What the group commits for the partition of a task that waits for its first ten rows. */
class GroupOffsetsTest {
  private static final long LATER = Long.MAX_VALUE / 2; // no pause lasts until then

  private final TaskFixture trainer = trainer(10, 5_000);

  @Test
  void rowsOfATaskThatWaitsForMoreRowsDoNotHoldTheOffsetBack() {
    arrive(9);
    assertThat(offset(null).offset()).isEqualTo(9);
    assertThat(offset(null).metadata()).as("but they are read again").isEqualTo("0-9,9-");

    arrive(1);
    assertThat(offset(null).offset()).as("a round is due").isZero();
  }

  @Test
  void theOffsetNeverGoesBackToThem() throws Exception {
    arrive(9);
    trainer.work.committed(claim(trainer, null));
    arrive(1);
    assertThat(offset(null).offset()).isEqualTo(9);
    assertThat(offset(null).metadata()).isEqualTo("0-10,10-");

    Round round = trainer.nextRound();
    assertThat(round.rows().fresh()).hasSize(10);
    assertThat(offset(round).offset()).isEqualTo(10);
  }

  @Test
  void anOffsetThatMovesOnWithoutACheckpointIsCommittedAlone() {
    WorkPlanner planner = trainer.state.planner();
    arrive(9);
    assertThat(planner.next(0)).as("more may follow").isEmpty();
    assertThat(planner.due(LATER)).as("it interrupts a retraining").isTrue();

    assertThat(planner.next(LATER)).contains(new CommitOffsets(position(trainer).assignment()));
    assertThat(planner.next(LATER)).as("tried just now").isEmpty();
    trainer.work.committed(claim(trainer, null));
    assertThat(planner.next(2 * LATER)).as("committed").isEmpty();
  }

  @Test
  void rowsThatLeaveTheWindowWithARoundAreNotReadAgain() throws Exception {
    TaskFixture small = trainer(5_000, 2);
    arrive(small, 5_000);
    Round round = small.nextRound();

    assertThat(claim(small, null).offset().metadata()).isEqualTo("0-5000,5000-");
    assertThat(claim(small, round).offset().metadata()).isEqualTo("4998-5000,5000-");
  }

  private static TaskFixture trainer(int firstRound, int window) {
    TrainingPolicy policy = TrainingPolicy.builder().window(window).firstRound(firstRound).build();
    return new TaskFixture(policy, new BudgetFineTuners(budget -> budget / 10), null);
  }

  private void arrive(int rows) {
    arrive(trainer, rows);
  }

  private static void arrive(TaskFixture trainer, int rows) {
    PartitionPosition position = position(trainer);
    for (int row = 0; row < rows; row++) {
      position.advance(1, trainer.sent());
      trainer.arrive(1);
      position.handled();
    }
  }

  private OffsetAndMetadata offset(Round entering) {
    return claim(trainer, entering).offset();
  }

  private static Claim claim(TaskFixture trainer, Round entering) {
    return trainer.state.claim(position(trainer).assignment(), entering).orElseThrow();
  }

  private static PartitionPosition position(TaskFixture trainer) {
    return trainer.state.partitions().position(0).orElseThrow();
  }
}
