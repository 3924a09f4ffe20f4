package io.lift.inference.models;

/** Why a checkpoint will not be used. */
public enum CheckpointRejection {
  /** The trainer runs another base model. */
  OTHER_BASE("other-base"),
  /** Its version was published before, with different bytes. */
  PUBLISHED_TWICE("published-twice"),
  /** Its file is gone, damaged, or not what its manifest says. */
  UNREADABLE("unreadable");

  private final String code;

  CheckpointRejection(String code) {
    this.code = code;
  }

  /** For metrics. */
  public String code() {
    return code;
  }
}
