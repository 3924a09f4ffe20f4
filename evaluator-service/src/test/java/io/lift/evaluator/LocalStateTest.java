package io.lift.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStateTest {
  @TempDir private Path directory;

  private final AtomicInteger deletions = new AtomicInteger();

  @Test
  void storesThatWereClosedAreKept() {
    LocalState first = new LocalState(directory.resolve("state"), "evaluator");
    first.open(deletions::incrementAndGet);
    first.closed();

    new LocalState(directory.resolve("state"), "evaluator").open(deletions::incrementAndGet);

    assertThat(deletions).hasValue(0);
  }

  @Test
  void storesOfAProcessThatWasKilledAreDeletedEachTime() {
    for (int start = 0; start < 3; start++) {
      new LocalState(directory, "evaluator").open(deletions::incrementAndGet);
    }

    assertThat(deletions).hasValue(2);
  }

  @Test
  void applicationsInOneDirectoryDoNotConcernEachOther() {
    new LocalState(directory, "evaluator").open(deletions::incrementAndGet);
    new LocalState(directory, "other").open(deletions::incrementAndGet);

    assertThat(deletions).hasValue(0);
  }
}
