package io.lift.model.files;

/** The files of a published model's folder. */
public final class ModelFolder {
  public static final String CONFIG = "config.json";
  public static final String TOKENIZER = "tokenizer.json";
  public static final String WEIGHTS = "model.safetensors";

  private ModelFolder() {}
}
