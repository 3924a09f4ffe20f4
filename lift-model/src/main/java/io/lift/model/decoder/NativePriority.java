package io.lift.model.decoder;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/**
 * The priority of one thread among those of its process. Linux has a nice value for each thread;
 * the JVM's own thread priorities have no effect there.
 */
public final class NativePriority {
  private static final int PRIO_PROCESS = 0; // on Linux, with 0: the calling thread

  private NativePriority() {}

  /**
   * Lets the calling thread yield to the others of its process. Does nothing on other systems,
   * where the call would be about the whole process.
   *
   * @param nice 1 to 19; a normal thread has 0
   */
  public static void yieldToOthers(int nice) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    try {
      Function setpriority = NativeLibrary.getProcess().getFunction("setpriority");
      setpriority.invokeInt(new Object[] {PRIO_PROCESS, 0, nice});
    } catch (LinkageError e) {
      // it stays as it is
    }
  }
}
