package io.lift.cli.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.table.InvalidCsvException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  @Test
  void noNameOfAClassReachesTheUser() {
    List<Throwable> errors =
        List.of(
            new NullPointerException("Cannot invoke \"String.isBlank()\" because \"x\" is null"),
            new IllegalStateException(),
            new IllegalArgumentException("No enum constant io.lift.core.task.TaskType.X"),
            new ClassCastException("class java.lang.String cannot be cast to class java.util.Map"),
            new RuntimeException(new IOException("inner")),
            new ExecutionException(new IllegalStateException("java.lang.Thread is dead")),
            new KafkaException("org.apache.kafka.common.errors.UnknownServerException: no"),
            new UncheckedIOException(new IOException("java.nio.BufferOverflowException")),
            new ArrayIndexOutOfBoundsException("Index 3 out of bounds for length 3"));
    for (Throwable error : errors) {
      assertThat(Failures.sentence(error))
          .doesNotContain("Exception", "java.", "io.lift", "kafka.common")
          .matches("[A-Z].*[.]");
    }
  }

  @Test
  void aFileThatCannotBeUsedIsNamed() {
    assertThat(Failures.sentence(new NoSuchFileException("a.csv")))
        .isEqualTo("There is no file a.csv.");
    assertThat(Failures.sentence(new AccessDeniedException("a.csv")))
        .isEqualTo("Cannot use a.csv: access is denied.");
    assertThat(
            Failures.sentence(
                new UncheckedIOException(new FileSystemException("a.csv", null, "Is a directory"))))
        .isEqualTo("Cannot use a.csv: Is a directory.");
    assertThat(Failures.ofFile("read", "a.csv", new IOException("Input/output error")))
        .isEqualTo("Cannot read a.csv: Input/output error.");
  }

  @Test
  void sentencesOfOurOwnAreKept() {
    assertThat(Failures.sentence(new InvalidCsvException("a.csv is empty.")))
        .isEqualTo("a.csv is empty.");
    assertThat(Failures.sentence(new IllegalArgumentException("A task needs a target.")))
        .isEqualTo("A task needs a target.");
  }
}
