package io.lift.core.row;

import java.util.Locale;

/** Why a record was sent to the dead letters: the value of the {@code lift.error.reason} header. */
public enum RejectReason {
  NULL_KEY,
  NULL_VALUE,
  TOO_LARGE,
  INVALID_UTF8,
  INVALID_JSON,
  NOT_AN_OBJECT,
  INVALID_FORMAT,
  UNKNOWN_SCHEMA,
  NESTED_VALUE,
  DUPLICATE_FIELD,
  NO_TASK,
  UNKNOWN_TASK,
  INVALID_HEADER,
  WRONG_TYPE,
  NOT_FINITE,
  UNKNOWN_LABEL,
  NO_FEATURES,
  FEW_COLUMNS,
  ENVELOPE,
  MISSING_TARGET,
  MISSING_FIELD,
  OUTDATED_TASK,
  WRONG_PARTITION,
  INVALID_REQUEST,
  NO_CHECKPOINT,
  NOTHING_GENERATED,
  INTERNAL;

  /** The reason on the wire, e.g. {@code invalid-json}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
