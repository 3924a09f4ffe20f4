package io.lift.inference.models;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.PredictionMessage;
import io.lift.model.scoring.RowSampler;
import java.time.Instant;
import java.util.Map;

/**
 * One version of one task's model in memory, with a count of its leases. The registry holds one
 * lease while the version is current, and every batch that uses the model holds another. The last
 * {@link #release} closes the model, so a swap never frees the weights of a running forward pass.
 */
public final class LoadedModel {
  private final TaskLanguage language;
  private final String languageHash;
  private final CheckpointManifest manifest; // null for the base model
  private final Model model;
  private final Instant loadedAt = Instant.now();
  private final Leases leases;
  private volatile long lastUsed = System.nanoTime();

  LoadedModel(TaskLanguage language, CheckpointManifest manifest, Model model) {
    this.language = language;
    this.languageHash = language.hash();
    this.manifest = manifest;
    this.model = model;
    this.leases = new Leases(model::close);
  }

  /** Takes a lease; false if the model has been closed. */
  boolean acquire() {
    lastUsed = System.nanoTime();
    return leases.acquire();
  }

  /** Takes one more lease; the caller must hold one. */
  public void retain() {
    leases.retain();
  }

  /** Gives one lease back. */
  public void release() {
    leases.release();
  }

  /** The models that compute together with this one. */
  public Model.BatchGroup batchGroup() {
    return model.batchGroup();
  }

  /** A prompt for {@link #batchGroup()}; only while a lease is held. */
  public Model.Row row(Prompt prompt) {
    return new Model.Row(model, prompt);
  }

  /** Samples rows, see {@link Model#sample}; only while a lease is held. */
  public RowSampler.Sample sample(
      Map<String, Object> given, int count, double temperature, long seed) {
    return model.sample(given, count, temperature, seed);
  }

  /** Bytes that the model takes beside the base model. */
  public long bytes() {
    return model.bytes();
  }

  public TaskLanguage language() {
    return language;
  }

  /** Hash of the language; models of one task with the same hash read the same prompts. */
  public String languageHash() {
    return languageHash;
  }

  /** Checkpoint version; 0 is the base model. */
  public long version() {
    return manifest == null ? 0 : manifest.version();
  }

  boolean is(CheckpointManifest other) {
    return manifest != null
        && manifest.version() == other.version()
        && manifest.sha256().equals(other.sha256());
  }

  /** Hash of the checkpoint file; null for the base model. */
  public String sha256() {
    return manifest == null ? null : manifest.sha256();
  }

  /** When the checkpoint was made, epoch milliseconds; 0 for the base model. */
  public long createdAt() {
    return manifest == null ? 0 : manifest.createdAt();
  }

  public Instant loadedAt() {
    return loadedAt;
  }

  /** The checkpoint as a prediction names it. */
  public PredictionMessage.Checkpoint checkpoint() {
    return new PredictionMessage.Checkpoint(
        version(), sha256(), manifest == null ? Map.of() : manifest.trainedTo());
  }

  long lastUsed() {
    return lastUsed;
  }
}
