package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LoopProgressTest {
  private final AtomicLong nanos = new AtomicLong();
  private final LoopProgress progress = new LoopProgress(LoopProgress.LIMIT, nanos::get);

  @Test
  void aRecordThatIsReadAgainAndAgainMakesTheLoopStuckThere() {
    progress.read(batch(17));
    assertThat(progress.stuck()).isEmpty();
    pass(24);
    progress.read(batch(17));
    assertThat(progress.stuck()).isEmpty();
    pass(2);
    assertThat(progress.stuck()).hasToString("Optional[stuck at lift.rows-3@17 for 26 s]");
    progress.committed();
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void aLoopThatHasNothingToDoIsNotStuck() {
    progress.read(ConsumerRecords.empty());
    pass(100);
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void aLoopThatCommitsNowAndThenIsNotStuck() {
    for (int i = 0; i < 10; i++) {
      progress.read(batch(i));
      pass(20);
      progress.committed();
    }
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void aRecordWhosePartitionHasMovedToAnotherMemberDoesNotMakeThisOneStuck() {
    progress.read(batch(17));
    pass(20);
    progress.assigned(Set.of(new TopicPartition("lift.rows", 3)));
    pass(20);
    assertThat(progress.stuck()).isPresent();
    progress.assigned(Set.of(new TopicPartition("lift.rows", 4)));
    assertThat(progress.stuck()).isEmpty();

    progress.read(batch(18));
    pass(30);
    progress.revoked(Set.of(new TopicPartition("lift.rows", 4)));
    assertThat(progress.stuck()).isPresent();
    progress.revoked(Set.of(new TopicPartition("lift.rows", 3)));
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void eachPartitionIsToldOnceAlsoThoseFromBefore() {
    List<TopicPartition> told = new ArrayList<>();
    progress.read(batch(1));
    progress.onPartition(told::add);
    progress.committed();
    progress.read(batch(2));
    assertThat(told).containsExactly(new TopicPartition("lift.rows", 3));
  }

  private void pass(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private static ConsumerRecords<byte[], byte[]> batch(long offset) {
    TopicPartition partition = new TopicPartition("lift.rows", 3);
    return new ConsumerRecords<>(
        Map.of(partition, List.of(new ConsumerRecord<>("lift.rows", 3, offset, null, null))),
        Map.of());
  }
}
