package io.lift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.testing.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiftTest {
  @TempDir private Path directory;

  @BeforeEach
  void noStackRunsHere() {
    System.setProperty("lift.home", directory.toString());
  }

  @AfterEach
  void forgetHome() {
    System.clearProperty("lift.home");
  }

  @Test
  void wrongUsageIsTwoAndSaysWhereHelpIs() {
    Console console = Console.run(Lift::run, "produce", "x.csv");

    assertThat(console.code()).isEqualTo(2);
    assertThat(console.err()).contains("--task").contains("Try 'lift produce --help'.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "up",
        "down",
        "status",
        "topics",
        "task",
        "produce",
        "predict",
        "generate",
        "eval"
      })
  void everyVerbHelpsWithAnExample(String verb) {
    Console console = Console.run(Lift::run, verb, "--help");

    assertThat(console.code()).isZero();
    assertThat(console.out()).contains("Example:").contains("lift " + verb).contains("--verbose");
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version"})
  void theVersionIsThatOfTheBuild(String verb) {
    Console console = Console.run(Lift::run, verb);

    assertThat(console.code()).isZero();
    assertThat(console.out()).matches("lift \\d+\\.\\d+\\.\\d+\\S*\\RJava .*\\R");
  }

  @Test
  void withoutAStackACommandSaysWhatToDo() {
    Console console = Console.run(Lift::run, "task", "list");

    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "lift: No stack is running; start one with 'lift up', or name a Kafka with"
                + " --bootstrap HOST:PORT.\n");
  }

  @Test
  void downWithoutAStackIsFine() {
    Console console = Console.run(Lift::run, "down");

    assertThat(console.code()).isZero();
    assertThat(console.out()).isEqualTo("Nothing is running.\n");
  }

  @Test
  void aServiceThatIsNotBuiltIsNamed() {
    Console console = Console.run(Lift::run, "up");

    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err()).contains("serializer service is not built").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eval",
        "eval x.csv --images i --labels l",
        "eval --images i",
        "eval x.csv --target y --crop 3",
        "eval --images none.gz --labels none.gz",
        "eval x.csv",
        "eval --images i --labels l --test-images t"
      })
  void imagesTakeThePlaceOfATable(String command) {
    Console console = Console.run(Lift::run, command.split(" "));

    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err()).startsWith("lift: ").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--rows 1", "--rate 0", "--noise 2", "--functions 0", "--drift-at 0"})
  void demoRefusesWhatMakesNoSense(String option) {
    Console console = Console.run(Lift::run, ("demo " + option).split(" "));

    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err()).startsWith("lift: ").hasLineCount(1);
  }

  @Test
  void evalNamesTheColumnsWhenTheTargetIsNone() throws Exception {
    Path file = Files.writeString(directory.resolve("t.csv"), "a,b\n1,x\n2,y\n");

    Console console = Console.run(Lift::run, "eval", file.toString(), "--target", "c");

    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err()).contains("no column 'c'").contains("a, b").hasLineCount(1);
  }

  @Test
  void aBrokenTableIsReportedInOneSentenceWithItsLine() throws Exception {
    Path file = Files.writeString(directory.resolve("t.csv"), "a,b\n1,x\n2\n");

    Console console = Console.run(Lift::run, "eval", file.toString(), "--target", "b");

    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("lift: " + file + " line 3: the row has 1 fields, the header 2.\n");
  }

  @Test
  void anAbsentFileIsNamed() {
    Console console = Console.run(Lift::run, "eval", "no-such.csv", "--target", "c");

    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err()).isEqualTo("lift: There is no file no-such.csv.\n");
  }

  @Test
  void verboseAddsTheStackTrace() {
    Console console = Console.run(Lift::run, "task", "list", "--verbose");

    assertThat(console.code()).isEqualTo(1);
    assertThat(console.err()).contains("CliException").contains("\tat io.lift.cli");
  }
}
