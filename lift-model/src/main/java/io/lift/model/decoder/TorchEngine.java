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

/** The PyTorch engine of this process: loaded once, with the threads this model is fastest with. */
public final class TorchEngine {
  /** Only one gradient can be collected per process. */
  public static final Object GRADIENT_LOCK = new Object();

  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static boolean loaded;
  private static boolean threadsChosen; // by whoever started this process

  private static final Pattern GPU = Pattern.compile("gpu(?::(\\d+))?");

  private TorchEngine() {}

  /** Loads it, unless it is there. */
  public static synchronized Engine load() {
    threadsChosen |= !loaded && System.getProperty(THREADS) != null;
    loaded = true;
    // the arrays are small: more threads wait for one another longer than they compute
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
          "PyTorch's native library cannot be loaded: " + cause.getMessage());
    }
  }

  /** For models whose products are large: all cores share each, unless the user chose otherwise. */
  public static synchronized void useAllCores() {
    load();
    if (!threadsChosen) {
      JniUtils.setNumThreads(Runtime.getRuntime().availableProcessors());
    }
  }

  /**
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
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
              + " was asked for, but PyTorch finds "
              + gpus
              + " GPUs here: use cpu or auto, or see docs/gpu.md for what a GPU needs.");
    }
    return Device.gpu(index);
  }

  /**
   * What a published model is computed in. DJL's bindings have no bfloat16; what is stored in it
   * loses nothing in float32, and nothing that matters in float16.
   *
   * @param type {@code auto}, {@code f32} or {@code f16}
   */
  public static DataType type(String type, Device device) {
    return switch (type) {
      case "auto" -> device.isGpu() ? DataType.FLOAT16 : DataType.FLOAT32;
      case "f32" -> DataType.FLOAT32;
      case "f16" -> DataType.FLOAT16;
      case "bf16" ->
          throw new InvalidModelException(
              "Type bf16 cannot be computed with here: use auto, f32 or f16.");
      default ->
          throw new InvalidModelException("Unknown type " + type + ": use auto, f32 or f16.");
    };
  }

  /** An array that computes at full speed: memory of the engine, aligned the same way each time. */
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
