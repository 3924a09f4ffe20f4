package io.lift.inference.models;

/** Why a checkpoint is not used. */
public enum CheckpointRejection {
  /** The checkpoint was made for another base model. */
  OTHER_BASE("other-base"),
  /** Its version was published before, with different bytes. */
  PUBLISHED_TWICE("published-twice"),
  /** Its file is gone, damaged, or differs from its manifest. */
  UNREADABLE("unreadable");

  private final String code;

  CheckpointRejection(String code) {
    this.code = code;
  }

  /** The reason as a metric's tag. */
  public String code() {
    return code;
  }
}
