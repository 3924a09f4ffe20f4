package io.lift.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NativeAllocatorTest {
  private static final Path STATUS = Path.of("/proc/thread-self/stat");
  private static final int MINOR_FAULTS = 7; // field 10 of proc(5); the first two are cut off
  private static final int PAGE = 4096;
  private static final int BATCHES = 100;
  private static final int ARRAYS = 16;
  private static final int ARRAY_BYTES = 8 << 20;

  @Test
  void memoryOfFreedArraysIsUsedByTheNextBatchWithoutNewPages() throws IOException {
    assumeTrue(Files.exists(STATUS), "page faults of a thread are read on Linux only");
    try (NDManager manager = TorchEngine.load().newBaseManager(TorchEngine.device("cpu"))) {
      batches(manager); // memory that was never touched
      long before = faults();
      batches(manager);
      long mappedAnew = (long) BATCHES * ARRAYS * ARRAY_BYTES / PAGE;
      assertThat(faults() - before).isLessThan(mappedAnew / 100);
    }
  }

  @Test
  void anOperatorsOwnSettingsOfMallocStand() {
    assertThat(NativeAllocator.isTuned(Map.of())).isFalse();
    assertThat(NativeAllocator.isTuned(Map.of("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2")))
        .isFalse();
    assertThat(NativeAllocator.isTuned(Map.of("MALLOC_TRIM_THRESHOLD_", "131072"))).isTrue();
    assertThat(NativeAllocator.isTuned(Map.of("MALLOC_MMAP_THRESHOLD_", "131072"))).isTrue();
    assertThat(NativeAllocator.isTuned(Map.of("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")))
        .isTrue();
  }

  private static void batches(NDManager manager) {
    for (int i = 0; i < BATCHES; i++) {
      try (NDManager batch = manager.newSubManager()) {
        for (int k = 0; k < ARRAYS; k++) {
          batch.ones(new Shape(ARRAY_BYTES / Float.BYTES));
        }
      }
    }
  }

  private static long faults() throws IOException {
    String stat = Files.readString(STATUS);
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[MINOR_FAULTS]);
  }
}
