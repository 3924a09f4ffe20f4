package io.lift.model;

/**
 * The language model that every task starts from: configuration, tokenizer and frozen weights, on
 * one device. Opened once per process and shared by all fine-tunings and scorers.
 */
public final class BaseModel implements AutoCloseable {

  /** The model that ships in this jar. */
  public static BaseModel embedded() {
    throw new UnsupportedOperationException();
  }

  /** A short name, e.g. {@code embedded}. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  /** The sha256 of configuration, tokenizer and weights, hex. Checkpoints fit one base only. */
  public String hash() {
    throw new UnsupportedOperationException();
  }

  /** Where it computes: {@code cpu} or {@code gpu(0)}. */
  public String device() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
