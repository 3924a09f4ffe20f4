package io.lift.formats.registry;

import java.io.IOException;

/**
 * A schema cannot be asked for now: the registry is away, refuses access or is not configured. It
 * is no record's fault, so records wait. The message is one sentence.
 */
public final class SchemaUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  public SchemaUnavailableException(String message) {
    super(message);
  }
}
