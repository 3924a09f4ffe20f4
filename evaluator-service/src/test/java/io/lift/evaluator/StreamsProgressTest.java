package io.lift.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StreamsProgressTest {
  private static final TopicPartition LABELS = new TopicPartition("lift.labels", 2);
  private static final TopicPartition PROMPTS = new TopicPartition("lift.prompts", 5);

  private final AtomicLong nanos = new AtomicLong();
  private final Map<TopicPartition, Long> committed = new HashMap<>();
  private final StreamsProgress progress = new StreamsProgress(() -> committed, nanos::get);

  @Test
  void recordsThatAreReadAndNeverCommittedMakeTheStreamsStuckAtTheFirst() {
    committed.put(LABELS, -1L); // nothing was ever committed
    progress.read(LABELS, 7, 9);
    pass(20);
    progress.read(LABELS, 10, 12);
    assertThat(progress.stuck()).isEmpty();
    pass(6);
    assertThat(progress.stuck()).hasToString("Optional[stuck at lift.labels-2@7 for 26 s]");
  }

  @Test
  void aCommitWithinTheRecordsThatWereReadIsProgress() {
    progress.read(LABELS, 0, 99);
    for (long offset = 10; offset <= 90; offset += 10) {
      pass(20);
      committed.put(LABELS, offset);
      assertThat(progress.stuck()).isEmpty();
    }
    pass(26);
    assertThat(progress.stuck()).hasToString("Optional[stuck at lift.labels-2@90 for 26 s]");
    committed.put(LABELS, 100L);
    assertThat(progress.stuck()).isEmpty();
    pass(100);
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void aFailureOfTheStreamsDoesNotHideWhereTheyAreStuck() {
    committed.put(LABELS, 7L);
    progress.read(LABELS, 7, 9);
    pass(20);
    committed.clear(); // the thread has failed and is replaced
    assertThat(progress.stuck()).isEmpty();
    pass(10);
    committed.put(LABELS, 7L);
    progress.read(LABELS, 7, 9);
    assertThat(progress.stuck()).hasToString("Optional[stuck at lift.labels-2@7 for 30 s]");
  }

  @Test
  void aPartitionThatHasMovedToAnotherReplicaDoesNotMakeThisOneStuck() {
    committed.put(LABELS, 7L);
    progress.read(LABELS, 7, 9);
    pass(30);
    committed.clear();
    committed.put(PROMPTS, 0L);
    assertThat(progress.stuck()).isEmpty();
  }

  private void pass(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
