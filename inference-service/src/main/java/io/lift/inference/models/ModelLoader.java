package io.lift.inference.models;

import io.lift.core.prompt.TaskLanguage;
import io.lift.messages.CheckpointManifest;
import java.io.IOException;

/** Makes models; the registry does not depend on the engine behind it. */
public interface ModelLoader {

  /** Hash of the base model that every checkpoint must have been made for. */
  String baseHash();

  /** The base model for a task without a checkpoint. */
  Model base(TaskLanguage language);

  /**
   * Fetches, verifies and loads a checkpoint.
   *
   * @throws IOException if its bytes cannot be read in full or their hash differs
   * @throws RuntimeException if the file is damaged or made for another base model or language; the
   *     message says why in one sentence
   */
  Model of(TaskLanguage language, CheckpointManifest manifest) throws IOException;
}
