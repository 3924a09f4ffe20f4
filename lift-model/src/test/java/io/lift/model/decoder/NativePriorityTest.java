package io.lift.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NativePriorityTest {
  private static final int NICE = 16; // fields of proc(5)'s stat after the name in brackets

  private static int nice() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE]);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void oneThreadYieldsAndTheOthersDoNot() throws InterruptedException {
    assumeTrue(Files.exists(Path.of("/proc/thread-self/stat")), "there is no /proc here");
    int before = nice();
    AtomicReference<Integer> within = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              NativePriority.yieldToOthers(before + 3);
              within.set(nice());
            });
    thread.start();
    thread.join();
    assertThat(within.get()).isEqualTo(Math.min(19, before + 3));
    assertThat(nice()).isEqualTo(before);
  }
}
