package io.lift.inference.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.messages.Origin;
import io.lift.messages.PromptOffset;
import io.lift.model.LabelledRowReader.LabelledRow;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TaskSupportTest {
  private static final SupportWindow SHORT = SupportWindow.ALL.get(0);
  private static final SupportWindow LONG = SupportWindow.ALL.get(3);
  private static final long AT = 1_000_000;

  private int rows;
  private final TaskSupport support = new TaskSupport("t", "hash", null, 2, true);

  /** Rows r0, r1, …, each at twice its number, because transactions have offsets of their own. */
  private void add(int count) {
    for (int to = rows + count; rows < to; rows++) {
      add("r" + rows, 2L * rows, rows % 2);
    }
  }

  private void add(String id, long offset, int label) {
    LabelledRow row = LabelledRow.of(new int[] {1}, label);
    support.add(3, new SupportRow(id, origin(offset), offset, AT, row));
  }

  private static Origin origin(long offset) {
    return new Origin("rows", 0, offset, 0);
  }

  private static long now() {
    return System.nanoTime();
  }

  private List<Long> offsets(SupportWindow window, long position) {
    long end = support.end(window, position, 1);
    return end < 0
        ? List.of()
        : support.rows(window, end).stream().map(SupportRow::offset).toList();
  }

  @Test
  void aRowIsAnsweredFromRowsBeforeItAndNeverFromItselfOrLaterOnes() throws Exception {
    add(20);
    OptionalLong own = support.position(origin(24), AT, now());
    assertThat(own).hasValue(24);
    assertThat(offsets(SHORT, 24)).hasSize(10).last().isEqualTo(18L);
  }

  @Test
  void fewerThanEightRowsAnswerNobody() {
    add(7);
    assertThat(offsets(SHORT, support.end())).isEmpty();
    add(1);
    assertThat(offsets(SHORT, support.end())).hasSize(8);
  }

  @Test
  void aLongWindowIsLeftOutWhereAShortOneHasTheSameRows() {
    add(60);
    assertThat(offsets(SHORT, support.end())).isNotEmpty();
    assertThat(offsets(LONG, support.end())).isEmpty();
  }

  @Test
  void windowsEndWhereTheLogSaysSoTheSameRowsGiveTheSameWindows() {
    add(1_500);
    for (long position : new long[] {2_000, 2_001, 2_003}) {
      assertThat(offsets(SHORT, position)).hasSize(64).last().isEqualTo(1_998L);
    }
    assertThat(offsets(LONG, 2_000)).hasSize(960).last().isEqualTo(1_918L);
    assertThat(offsets(LONG, 2_079)).isEqualTo(offsets(LONG, 2_000));
    assertThat(offsets(LONG, 2_080).get(959)).isEqualTo(1_918L);
  }

  @Test
  void windowsEndFurtherApartWhileReadingDoesNotKeepUp() {
    add(1_500);
    assertThat(support.end(SHORT, 2_039, 1)).isEqualTo(2_020);
    assertThat(support.end(SHORT, 2_039, 4)).isEqualTo(2_000);
    assertThat(support.end(LONG, 2_019, 2)).isEqualTo(1_760);
  }

  @Test
  void aWindowOfWhichOneIdIsAllIsLeftOut() {
    for (int i = 0; i < 10; i++) {
      add("same", i, 0);
    }
    assertThat(support.rows(SHORT, support.end(SHORT, 10, 1))).isEmpty();
  }

  @Test
  void rowsBeforeADriftAreLeftOut() {
    add(400);
    assertThat(support.shorten(new PromptOffset(3, 700))).isTrue();
    assertThat(offsets(SHORT, 800)).hasSize(50).first().isEqualTo(700L);
    assertThat(offsets(SupportWindow.ALL.get(2), 800)).isEmpty();
    assertThat(offsets(SHORT, 710)).as("too few since the drift").hasSize(64);
    assertThat(support.shorten(new PromptOffset(3, 650))).as("an older drift").isFalse();
    assertThat(support.shorten(new PromptOffset(4, 900))).as("another partition").isFalse();
    assertThat(support.shorten(null)).isFalse();
  }

  @Test
  void theLastValueOfAnIdCountsOnceAndBeforeItThePreviousOne() {
    add(20);
    add("r3", 50, 1);
    assertThat(offsets(SHORT, 55)).hasSize(20).contains(50L).doesNotContain(6L);
    assertThat(offsets(SHORT, 40)).hasSize(20).contains(6L);
  }

  @Test
  void everyValueCountsWhereTheTaskSaysSo() {
    TaskSupport all = new TaskSupport("t", "hash", null, 2, false);
    for (int i = 0; i < 10; i++) {
      LabelledRow row = LabelledRow.of(new int[] {1}, 0);
      all.add(0, new SupportRow("same", origin(i), i, AT, row));
    }
    assertThat(all.rows(SHORT, all.end(SHORT, 10, 1))).hasSize(10);
  }

  @Test
  void aRowThatHasNotBeenReadYetIsPlacedAfterTheNewestOne() throws Exception {
    add(10);
    assertThat(support.position(origin(999), AT, now())).hasValue(19);
  }

  @Test
  void aRowIsWaitedForWhileItMayStillCome() throws Exception {
    add(10);
    Thread late = new Thread(() -> add("late", 500, 0));
    late.start();
    OptionalLong own = support.position(origin(500), AT, now() + TimeUnit.SECONDS.toNanos(30));
    assertThat(own).hasValue(500);
    late.join();
  }

  @Test
  void aRowOlderThanWhatIsKeptHasNoPlaceSoThatNoLaterRowAnswersIt() throws Exception {
    add(10);
    assertThat(support.position(origin(-1), AT - 60_000, now())).isEmpty();
  }

  @Test
  void ofVeryManyRowsTheNewestAreKept() throws Exception {
    add(3 * TaskSupport.CAPACITY);
    assertThat(support.size()).isLessThan(2 * TaskSupport.CAPACITY);
    assertThat(offsets(LONG, support.end())).hasSize(1024);
    assertThat(support.position(origin(2L * (3 * TaskSupport.CAPACITY - 1)), AT, now()))
        .hasValue(2L * (3 * TaskSupport.CAPACITY - 1));
  }

  @Test
  void frequenciesAreThoseOfTheNewestRowsBeforeAPlace() {
    for (int i = 0; i < 100; i++) {
      add("r" + i, i, i < 36 ? 0 : 1);
    }
    assertThat(support.frequencies(64, 100)[1]).isCloseTo(64.5 / 65, within(1e-12));
    assertThat(support.frequencies(8, 40)[0]).isCloseTo(4.5 / 9, within(1e-12));
    assertThat(support.frequencies(64, 36)[0]).isCloseTo(36.5 / 37, within(1e-12));
  }

  @Test
  void aRecordThatIsReadAgainIsNoSecondRow() {
    add(10);
    add("r9", 18, 0);
    assertThat(support.size()).isEqualTo(10);
  }
}
