package io.lift.model.decoder;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * The C library's {@code malloc}, in which PyTorch keeps its arrays. By default glibc gives the
 * memory of freed arrays back to the kernel, and the next batch has it mapped and zeroed page by
 * page again. Up to 256 MiB of freed memory are kept for later arrays instead.
 */
public final class NativeAllocator {
  // parameters of mallopt(3), as glibc's malloc.h numbers them
  private static final int TRIM_THRESHOLD = -1;
  private static final int TOP_PAD = -2;
  private static final int MMAP_THRESHOLD = -3;

  private static final int KEPT_BYTES = 256 << 20;
  // above the 64 MiB of one heap of a thread, of which an empty one would go whatever is kept
  private static final int PAD_BYTES = 128 << 20; // of addresses; pages come when they are used
  private static final int LARGEST_MMAP_THRESHOLD = 32 << 20; // glibc takes no more

  private NativeAllocator() {}

  /** The same settings for another process, as environment variables that glibc reads. */
  public static Map<String, String> environment() {
    return Map.of(
        "MALLOC_TRIM_THRESHOLD_", Integer.toString(KEPT_BYTES),
        "MALLOC_TOP_PAD_", Integer.toString(PAD_BYTES),
        "MALLOC_MMAP_THRESHOLD_", Integer.toString(LARGEST_MMAP_THRESHOLD));
  }

  /**
   * Applies the settings to this process. Changes nothing where the environment tunes glibc's
   * malloc already, or where the C library is another.
   */
  static void keepFreedMemory() {
    if (isTuned(System.getenv())) {
      return;
    }
    try {
      Function mallopt = NativeLibrary.getProcess().getFunction("mallopt");
      mallopt.invokeInt(new Object[] {TRIM_THRESHOLD, KEPT_BYTES});
      mallopt.invokeInt(new Object[] {TOP_PAD, PAD_BYTES});
      mallopt.invokeInt(new Object[] {MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD});
    } catch (LinkageError e) {
      // a C library without mallopt, as on macOS, keeps its own defaults
    }
  }

  /** Whether these variables tune glibc's malloc. */
  static boolean isTuned(Map<String, String> variables) {
    return environment().keySet().stream().anyMatch(variables::containsKey)
        || variables.getOrDefault("GLIBC_TUNABLES", "").contains("glibc.malloc.");
  }
}
