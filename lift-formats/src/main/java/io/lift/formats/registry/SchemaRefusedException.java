package io.lift.formats.registry;

/** A registry does not take a schema, for example because an earlier one is not compatible. */
public final class SchemaRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what the registry says
   */
  public SchemaRefusedException(String message) {
    super(message);
  }
}
