package io.lift.trainer.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.trainer.prompts.TaskWindow.Added;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskWindowTest {

  @Test
  void rowsBeforeTheCheckpointsEndAreRehearsedAndTheOthersFresh() {
    TaskWindow window = new TaskWindow(0, 5);
    add(window, 3, 4, 5, 9);

    assertThat(texts(window.rows().rehearsedExamples())).containsExactly("3", "4");
    assertThat(texts(window.rows().freshExamples())).containsExactly("5", "9");
  }

  @Test
  void aRowThatComesAgainOrIsOlderThanTheWindowIsNotTaken() {
    TaskWindow window = new TaskWindow(4, 5);

    assertThat(window.add(row(3), true)).isEqualTo(Added.OUTSIDE);
    assertThat(window.add(row(4), true)).isEqualTo(Added.NEW);
    assertThat(window.add(row(4), true)).isEqualTo(Added.OUTSIDE);
    assertThat(window.rehearsed()).isOne();
  }

  @Test
  void afterARoundTheNewestRowsStayAndTheManifestSaysFromWhere() {
    TaskWindow window = new TaskWindow(0, 3);
    add(window, 0, 1, 2, 3, 7, 8);

    assertThat(window.fromAfter(9, 4)).isEqualTo(2);
    window.trained(9, 4);

    assertThat(texts(window.rows().rehearsedExamples())).containsExactly("2", "3", "7", "8");
    assertThat(window.fresh()).isZero();
  }

  @Test
  void aTrainerThatReadsFromThereHasTheSameWindow() {
    TaskWindow going = new TaskWindow(0, 0);
    add(going, 0, 1, 2, 3, 4, 5);
    long from = going.fromAfter(6, 4);
    going.trained(6, 4);

    TaskWindow resumed = new TaskWindow(from, 6);
    add(resumed, 0, 1, 2, 3, 4, 5);
    add(resumed, 6);
    add(going, 6);

    assertThat(texts(resumed.rows().rehearsedExamples()))
        .isEqualTo(texts(going.rows().rehearsedExamples()));
    assertThat(texts(resumed.rows().freshExamples()))
        .isEqualTo(texts(going.rows().freshExamples()));
  }

  @Test
  void aWindowSmallerThanTheRoundKeepsItsNewestRows() {
    TaskWindow window = new TaskWindow(0, 0);
    add(window, 0, 1, 2);

    assertThat(window.fromAfter(3, 1)).isEqualTo(2);
    window.trained(3, 1);

    assertThat(texts(window.rows().rehearsedExamples())).containsExactly("2");
  }

  @Test
  void rowsThatCameDuringTheRoundStayFresh() {
    TaskWindow window = new TaskWindow(0, 0);
    add(window, 0, 1, 2, 3);

    window.trained(2, 10);

    assertThat(texts(window.rows().rehearsedExamples())).containsExactly("0", "1");
    assertThat(texts(window.rows().freshExamples())).containsExactly("2", "3");
    assertThat(window.firstFreshFrom(0)).isEqualTo(2);
    assertThat(window.firstFreshFrom(4)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aNewLineageLearnsEveryRowOfTheWindowAfresh() {
    TaskWindow window = new TaskWindow(0, 2);
    add(window, 0, 1, 2);

    window.untrain();

    assertThat(window.rehearsed()).isZero();
    assertThat(texts(window.rows().freshExamples())).containsExactly("0", "1", "2");
  }

  @Test
  void theLastValueOfAnIdCountsOnce() {
    TaskWindow window = new TaskWindow(0, 2);
    assertThat(window.add(row("a", 0, "one"), true)).isEqualTo(Added.NEW);
    assertThat(window.add(row("b", 1, "one"), true)).isEqualTo(Added.NEW);
    assertThat(window.add(row("b", 2, "two"), true)).isEqualTo(Added.REPLACED); // of a trained row
    assertThat(window.add(row("c", 3, "one"), true)).isEqualTo(Added.NEW);
    assertThat(window.add(row("c", 4, "two"), true)).isEqualTo(Added.REPLACED); // of a fresh row
    assertThat(window.add(row("c", 5, "two"), true)).isEqualTo(Added.DUPLICATE);
    assertThat(window.add(row("a", 6, "one"), true)).isEqualTo(Added.DUPLICATE);

    assertThat(texts(window.rows().rehearsedExamples())).containsExactly("one");
    assertThat(texts(window.rows().freshExamples())).containsExactly("two", "two");
    window.trained(5, 10);
    assertThat(window.fresh()).isZero();
    assertThat(window.rehearsed()).isEqualTo(3);
    assertThat(window.add(row("c", 7, "two"), true)).isEqualTo(Added.DUPLICATE);
  }

  @Test
  void anIdThatHasLeftTheWindowIsNewAgain() {
    TaskWindow window = new TaskWindow(0, 3);
    window.add(row("a", 0, "one"), true);
    window.add(row("b", 1, "one"), true);
    window.trim(1);
    assertThat(window.add(row("a", 3, "one"), true)).isEqualTo(Added.NEW);
    assertThat(window.add(row("b", 4, "one"), true)).isEqualTo(Added.DUPLICATE);
  }

  @Test
  void eachIsARowOfItsOwnIfTheTaskSaysSo() {
    TaskWindow window = new TaskWindow(0, 0);
    for (long offset = 0; offset < 3; offset++) {
      assertThat(window.add(row("a", offset, "one"), false)).isEqualTo(Added.NEW);
    }
    assertThat(window.fresh()).isEqualTo(3);
  }

  @Test
  void aTrainerThatReadsTheLogAgainHasTheSameRowsOfEachId() {
    TaskWindow going = new TaskWindow(0, 0);
    TaskWindow resumed = new TaskWindow(0, 4);
    String[] ids = {"a", "b", "a", "c", "b", "a", "a"};
    String[] values = {"one", "one", "two", "one", "one", "three", "three"};
    for (int i = 0; i < 4; i++) {
      going.add(row(ids[i], i, values[i]), true);
    }
    going.trained(4, 100);
    for (int i = 4; i < ids.length; i++) {
      going.add(row(ids[i], i, values[i]), true);
    }
    for (int i = 0; i < ids.length; i++) {
      resumed.add(row(ids[i], i, values[i]), true);
    }

    assertThat(offsets(resumed.rows().fresh())).isEqualTo(offsets(going.rows().fresh()));
    assertThat(offsets(resumed.rows().rehearsed())).isEqualTo(offsets(going.rows().rehearsed()));
    assertThat(texts(going.rows().freshExamples())).containsExactly("three");
  }

  private static WindowRow row(String id, long offset, String text) {
    return new WindowRow(id, offset, new Example(new Prompt(text, new int[0]), "a@@@"), 0, null);
  }

  private static void add(TaskWindow window, long... offsets) {
    for (long offset : offsets) {
      window.add(row(offset), true);
    }
  }

  private static WindowRow row(long offset) {
    return new WindowRow(
        offset, new Example(new Prompt(Long.toString(offset), new int[0]), "a@@@"), 0);
  }

  private static List<Long> offsets(List<WindowRow> rows) {
    return rows.stream().map(WindowRow::offset).toList();
  }

  private static List<String> texts(List<Example> examples) {
    return examples.stream().map(example -> example.prompt().text()).toList();
  }
}
