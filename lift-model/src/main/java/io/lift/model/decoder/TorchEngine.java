package io.lift.model.decoder;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.lift.checkpoint.InvalidModelException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The PyTorch engine of this process. It is loaded once, with one thread unless set otherwise. */
public final class TorchEngine {
  /** Held while a gradient is collected: DJL allows one collector per process. */
  public static final Object GRADIENT_LOCK = new Object();

  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static boolean loaded;
  private static boolean threadsSet; // by a system property, before the engine was loaded

  private static final Pattern GPU = Pattern.compile("gpu(?::(\\d+))?");

  private TorchEngine() {}

  /**
   * Loads the engine unless it is loaded.
   *
   * @throws InvalidModelException if the native library cannot be loaded
   */
  public static synchronized Engine load() {
    if (!loaded) {
      threadsSet = System.getProperty(THREADS) != null;
      NativeAllocator.keepFreedMemory();
    }
    loaded = true;
    // the embedded model's arrays are small: with more threads, waiting costs more than computing
    setDefault(THREADS, "1");
    setDefault("ai.djl.pytorch.num_interop_threads", "1");
    setDefault("ai.djl.pytorch.graph_optimizer", "false");
    setDefault("OPT_OUT_TRACKING", "true");
    try {
      return Engine.getEngine("PyTorch");
    } catch (EngineException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new InvalidModelException(
          "PyTorch's native library cannot be loaded: " + cause.getMessage() + ".");
    }
  }

  /** Lets all cores share each product, unless a system property sets the number of threads. */
  public static synchronized void useAllCores() {
    load();
    if (!threadsSet) {
      JniUtils.setNumThreads(Runtime.getRuntime().availableProcessors());
    }
  }

  /**
   * The device of a setting.
   *
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   * @throws InvalidModelException if there is no such device
   */
  public static Device device(String device) {
    int gpus = load().getGpuCount();
    if (device.equals("auto")) {
      return gpus > 0 ? Device.gpu(0) : Device.cpu();
    }
    if (device.equals("cpu")) {
      return Device.cpu();
    }
    Matcher gpu = GPU.matcher(device);
    if (!gpu.matches()) {
      throw new InvalidModelException(
          "Unknown device " + device + ": use auto, cpu, gpu or gpu:N.");
    }
    int index = gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1));
    if (index >= gpus) {
      throw new InvalidModelException(
          "Device "
              + device
              + " is not available, because PyTorch finds "
              + gpus
              + " GPUs here: use cpu or auto, or see docs/gpu.md for what a GPU needs.");
    }
    return Device.gpu(index);
  }

  /**
   * The type in which a published model is computed. DJL's bindings have no bfloat16. Weights
   * stored in bfloat16 are exact in float32 and nearly exact in float16.
   *
   * @param type {@code auto}, {@code f32} or {@code f16}
   * @throws InvalidModelException for any other type
   */
  public static DataType type(String type, Device device) {
    return switch (type) {
      case "auto" -> device.isGpu() ? DataType.FLOAT16 : DataType.FLOAT32;
      case "f32" -> DataType.FLOAT32;
      case "f16" -> DataType.FLOAT16;
      case "bf16" ->
          throw new InvalidModelException("Type bf16 is not supported: use auto, f32 or f16.");
      default ->
          throw new InvalidModelException("Unknown type " + type + ": use auto, f32 or f16.");
    };
  }

  /** An array in the engine's own memory, which is aligned the same way each time. */
  public static NDArray array(NDManager manager, float[] data, long... shape) {
    try (NDArray view = manager.create(data, new Shape(shape))) {
      return view.duplicate();
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
