package io.lift.trainer.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
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

    assertThat(window.add(row(3))).isFalse();
    assertThat(window.add(row(4))).isTrue();
    assertThat(window.add(row(4))).isFalse();
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

  private static void add(TaskWindow window, long... offsets) {
    for (long offset : offsets) {
      window.add(row(offset));
    }
  }

  private static WindowRow row(long offset) {
    return new WindowRow(
        offset, new Example(new Prompt(Long.toString(offset), new int[0]), "a@@@"), 0);
  }

  private static List<String> texts(List<Example> examples) {
    return examples.stream().map(example -> example.prompt().text()).toList();
  }
}
