package io.lift.checkpoint.published;

import com.fasterxml.jackson.databind.JsonNode;
import io.lift.checkpoint.InvalidModelException;

/** Checked access to the values of a JSON object in a {@code config.json}. */
final class ConfigValues {
  private static final int MAX_SIZE = 1 << 24;
  private static final int MAX_LAYERS = 1000;

  private final String file;
  private final JsonNode json;

  /**
   * @param file name of the file, for messages
   */
  ConfigValues(String file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  /** The raw value of a key; a missing node if there is none. */
  JsonNode get(String key) {
    return json.path(key);
  }

  /** The values of a nested object, or of anything else that a key holds. */
  ConfigValues nested(String key) {
    return new ConfigValues(file, json.path(key));
  }

  boolean has(String key) {
    return json.has(key);
  }

  /** Whether this is a JSON object. */
  boolean isObject() {
    return json.isObject();
  }

  /** Whether this is missing or null. */
  boolean isAbsent() {
    return json.isMissingNode() || json.isNull();
  }

  String text(String key, String fallback) {
    return json.path(key).asText(fallback);
  }

  boolean flag(String key, boolean fallback) {
    JsonNode value = json.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw invalid("has a " + key + " that is neither true nor false");
    }
    return value.asBoolean(fallback);
  }

  /** A number of layers. */
  int layers(String key, Integer fallback) {
    int layers = size(key, fallback);
    if (layers > MAX_LAYERS) {
      throw invalid("has " + layers + " layers; at most " + MAX_LAYERS + " are supported");
    }
    return layers;
  }

  /** A whole number above 0; an absent key without a fallback is an error. */
  int size(String key, Integer fallback) {
    double value = positive(key, fallback == null ? null : fallback.doubleValue());
    if (value != Math.rint(value) || value > MAX_SIZE) {
      throw invalid("has " + key + " " + value + ", which is not a possible size");
    }
    return (int) value;
  }

  /** A finite number above 0; an absent key without a fallback is an error. */
  double positive(String key, Double fallback) {
    JsonNode value = json.path(key);
    boolean absent = value.isMissingNode() || value.isNull();
    double number = absent && fallback != null ? fallback : value.isNumber() ? value.asDouble() : 0;
    if (!(number > 0) || Double.isInfinite(number)) {
      throw invalid("needs a positive " + key);
    }
    return number;
  }

  /** Throws if a key is set whose meaning is not supported. */
  void rejectIfSet(String key, String why) {
    JsonNode value = json.path(key);
    if (value.isObject() || value.asBoolean()) {
      throw invalid("has " + key + ": " + why + ", which is not supported");
    }
  }

  /** An error about this file. */
  InvalidModelException invalid(String what) {
    return new InvalidModelException(file + " " + what + ".");
  }
}
