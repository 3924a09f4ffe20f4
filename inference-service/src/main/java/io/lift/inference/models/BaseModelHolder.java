package io.lift.inference.models;

import io.lift.model.BaseModel;
import java.util.function.Supplier;

/** The base model of this process, which is opened after the start because that takes long. */
public final class BaseModelHolder implements Supplier<BaseModel>, AutoCloseable {
  private final String path;
  private final String device;
  private final String dtype;
  private volatile BaseModel base;

  /** The arguments of {@link BaseModel#open(String, String, String)}. */
  public BaseModelHolder(String path, String device, String dtype) {
    this.path = path;
    this.device = device;
    this.dtype = dtype;
  }

  /**
   * Opens the base model; called once.
   *
   * @throws io.lift.checkpoint.InvalidModelException if the model's folder cannot be used; the
   *     message says why
   */
  public BaseModel open() {
    base = BaseModel.open(path, device, dtype);
    return base;
  }

  public boolean isOpen() {
    return base != null;
  }

  /**
   * @throws IllegalStateException if the base model is not open yet
   */
  @Override
  public BaseModel get() {
    BaseModel opened = base;
    if (opened == null) {
      throw new IllegalStateException("the base model is not open yet");
    }
    return opened;
  }

  @Override
  public void close() {
    if (base != null) {
      base.close();
    }
  }
}
