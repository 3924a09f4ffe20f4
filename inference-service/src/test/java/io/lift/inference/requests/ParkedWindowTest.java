package io.lift.inference.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.messages.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ParkedWindowTest {
  private static final Topics TOPICS = Topics.of("");
  private static final TopicPartition P0 = new TopicPartition(TOPICS.requestsParked().name(), 0);
  private static final TopicPartition P1 = new TopicPartition(TOPICS.requestsParked().name(), 1);
  private static final ParkedWindow.Readiness NOBODY = (task, version, replyOnly) -> false;
  private static final ParkedWindow.Readiness ONLY_B =
      (task, version, replyOnly) -> task.equals("b");

  private final ParkedWindow window =
      new ParkedWindow(64L << 20, (task, count) -> {}, new NothingDeferred());

  @Test
  void nothingIsDueWhileNoTaskIsReadyAndNoDeadlineHasPassed() {
    window.add(Records.parked("a", 0, 0, 5_000));

    assertThat(window.due(NOBODY, 5_000, 10)).isEmpty();
    assertThat(window.due(NOBODY, 5_001, 10)).hasSize(1);
  }

  @Test
  void requestsOfAReadyTaskAreDueThoughOthersWaitBeforeThem() {
    window.add(Records.parked("a", 0, 0));
    window.add(Records.parked("b", 0, 1));
    window.add(Records.parked("a", 0, 2));
    window.add(Records.parked("b", 0, 3));

    List<Request> due = window.due(ONLY_B, 0, 10);
    due.forEach(window::done);

    assertThat(due).extracting(request -> request.record().offset()).containsExactly(1L, 3L);
    assertThat(window.commit(P0).offset()).isZero();
    assertThat(window.count("a")).isEqualTo(2);
    assertThat(window.count("b")).isZero();
  }

  @Test
  void aConsumerThatContinuesFromTheCommitSkipsExactlyWhatIsDone() {
    Random random = new Random(7);
    Set<Long> log = new TreeSet<>();
    Set<Long> open = new TreeSet<>();
    OffsetAndMetadata committed = null;
    long end = 0;
    // in each round another consumer restores, reads to the end, and finishes some at random
    for (int round = 0; round < 30; round++) {
      ParkedWindow next = new ParkedWindow(64L << 20, (task, count) -> {}, new NothingDeferred());
      next.assign(P0, committed);
      for (int i = 0; i < 50; i++) {
        end += 1 + random.nextInt(2); // gaps, as transactions leave them
        log.add(end);
        open.add(end);
      }
      long from = committed == null ? 0 : committed.offset();
      log.stream().filter(o -> o >= from).forEach(o -> next.add(Records.parked("b", 0, o)));

      List<Request> waiting = next.due(ONLY_B, 0, Integer.MAX_VALUE);
      assertThat(waiting)
          .extracting(request -> request.record().offset())
          .containsExactlyElementsOf(open);
      for (Request request : waiting) {
        if (random.nextInt(3) > 0) {
          next.done(request);
          open.remove(request.record().offset());
        }
      }
      committed = next.commit(P0);
      assertThat(committed.metadata().length()).isLessThan(4_096);
    }
  }

  @Test
  void theCommitOfTheWidestWindowFitsTheBrokersLimit() {
    for (long offset = 0; offset < ParkedPartition.REACH + 100; offset++) {
      window.add(Records.parked(offset == 0 ? "a" : "b", 0, offset));
    }

    List<Request> due = window.due(ONLY_B, 0, Integer.MAX_VALUE);
    due.forEach(window::done);

    assertThat(due).hasSize(ParkedPartition.REACH - 1);
    assertThat(window.commit(P0).offset()).isZero();
    assertThat(window.commit(P0).metadata().length()).isLessThan(4_096);
  }

  @Test
  void aFullPartitionMovesTheHeadOfItsLineToTheEndOnlyIfMoreLieBehind() {
    for (long offset = 0; offset < ParkedPartition.REACH / 2; offset++) {
      window.add(Records.parked("a", 0, offset));
    }
    window.add(Records.parked("a", 1, 0));
    assertThat(window.full()).containsExactly(P0);
    assertThat(window.rotate(partition -> false, 100)).isEmpty();

    List<Request> oldest = window.rotate(partition -> true, 100);
    oldest.forEach(window::done);

    assertThat(oldest).hasSize(100).allMatch(request -> request.record().partition() == 0);
    assertThat(window.full()).isEmpty();
    assertThat(window.commit(P0).offset()).isEqualTo(100);
  }

  @Test
  void everyPartitionHasItsShareOfABatch() {
    for (long offset = 0; offset < 100; offset++) {
      window.add(Records.parked("b", 0, offset));
      window.add(Records.parked("b", 1, offset));
    }

    List<Request> due = window.due(ONLY_B, 0, 20);

    assertThat(due).hasSize(20);
    assertThat(due.stream().filter(r -> r.topicPartition().equals(P1))).hasSize(10);
  }

  @Test
  void aRevokedPartitionIsForgotten() {
    List<String> first = new ArrayList<>();
    ParkedWindow told =
        new ParkedWindow(64L << 20, (task, count) -> first.add(task), new NothingDeferred());
    told.add(Records.parked("b", 0, 0));
    told.add(Records.parked("b", 0, 1));

    told.revoke(List.of(P0));

    assertThat(told.isEmpty()).isTrue();
    assertThat(told.count("b")).isZero();
    assertThat(told.due(ONLY_B, Long.MAX_VALUE, 10)).isEmpty();
    assertThat(first).containsExactly("b");
  }
}
