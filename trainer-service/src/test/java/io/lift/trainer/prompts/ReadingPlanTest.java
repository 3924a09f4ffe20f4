package io.lift.trainer.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.trainer.prompts.ReadingPlan.Range;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingPlanTest {

  @Test
  void theRowsOfTheWindowsAreReadAndWhatLiesBetweenThemIsNot() {
    ReadingPlan plan = ReadingPlan.from(0).after(50_000, rows(2, 0, 1, 30_010, 30_000));

    assertThat(plan.ranges()).containsExactly(new Range(0, 3), new Range(30_000, 30_011));
    assertThat(plan.rest()).isEqualTo(50_000);
    assertThat(plan.start()).isZero();
    assertThat(plan.next(2)).isEqualTo(2);
    assertThat(plan.next(3)).isEqualTo(30_000);
    assertThat(plan.next(30_011)).isEqualTo(50_000);
    assertThat(plan.next(50_001)).isEqualTo(50_001);
  }

  @Test
  void aGapThatIsNotWorthASeekIsRead() {
    long gap = ReadingPlan.MIN_GAP;

    assertThat(ReadingPlan.from(0).after(10_000, rows(0, gap)).ranges())
        .containsExactly(new Range(0, gap + 1));
    assertThat(ReadingPlan.from(0).after(10_000, rows(0, gap + 1)).ranges()).hasSize(2);
  }

  @Test
  void whoHasReadHalfOfAPlanHandsOnTheOtherHalf() {
    ReadingPlan plan = ReadingPlan.from(0).after(50_000, rows(0, 10_000, 20_000, 30_000));

    ReadingPlan half = plan.after(10_001, rows(0, 10_000));
    ReadingPlan trimmed = plan.after(10_001, rows(10_000));

    assertThat(half).isEqualTo(plan);
    assertThat(trimmed.ranges()).isEqualTo(plan.ranges().subList(1, 4));
    assertThat(trimmed.rest()).isEqualTo(50_000);
    assertThat(plan.after(60_000, rows(30_000, 55_000)).ranges())
        .containsExactly(new Range(30_000, 30_001), new Range(55_000, 55_001));
  }

  @Test
  void aRowThatIsNotHandledYetIsReadAgain() {
    ReadingPlan plan = ReadingPlan.from(0).after(5, rows(3, 7));

    assertThat(plan.ranges()).containsExactly(new Range(3, 5));
    assertThat(plan.rest()).isEqualTo(5);
  }

  @Test
  void aPlanLeavesOutNoRowAndStaysSmallHoweverTheRowsAreScattered() {
    SplittableRandom random = new SplittableRandom(3);
    TreeSet<Long> rows = new TreeSet<>();
    ReadingPlan plan = ReadingPlan.from(0);
    long end = 0;
    for (int round = 0; round < 50; round++) {
      end += random.nextLong(1_000_000_000_000L / 50);
      for (int i = 0; i < 20; i++) {
        rows.add(random.nextLong(end));
      }
      rows.removeIf(row -> random.nextInt(5) == 0);
      plan = ReadingPlan.from(0).after(end, rows(rows.stream().mapToLong(row -> row).toArray()));

      assertThat(rows).allMatch(new TreeSet<>(reached(plan, rows))::contains);
      assertThat(plan.ranges()).hasSizeLessThanOrEqualTo(ReadingPlan.MAX_RANGES);
      assertThat(plan.encode()).hasSizeLessThan(1_000);
      assertThat(ReadingPlan.decode(plan.encode())).contains(plan);
    }
    assertThat(plan.ranges()).as("the largest gaps are left").hasSize(ReadingPlan.MAX_RANGES);
  }

  private static List<Long> reached(ReadingPlan plan, TreeSet<Long> rows) {
    return rows.stream().filter(row -> plan.next(row) == row).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "5",
        "-",
        "1-2",
        "3-2,9-",
        "1-9,5-20,30-",
        "1-40,30-",
        "1-2,,9-",
        "2-2,9-",
        "9999999999999999999-"
      })
  void whatIsNoPlanIsNotRead(String text) {
    assertThat(ReadingPlan.decode(text)).isEmpty();
  }

  @Test
  void aGroupWithoutMetadataHasNoPlan() {
    assertThat(ReadingPlan.decode(null)).isEmpty();
    assertThat(ReadingPlan.decode("7-")).contains(ReadingPlan.from(7));
  }

  private static ReadingPlan.Rows rows(long... offsets) {
    ReadingPlan.Rows rows = new ReadingPlan.Rows();
    LongStream.of(offsets).forEach(rows::add);
    return rows;
  }
}
