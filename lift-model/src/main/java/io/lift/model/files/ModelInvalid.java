package io.lift.model.files;

/** A model that cannot be opened; the message says why in one sentence. */
public final class ModelInvalid extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelInvalid(String message) {
    super(message);
  }
}
