package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Where a task's predictions also go, besides {@code lift.predictions}: in the same transaction,
 * with the same key and headers.
 *
 * @param topic name of a Kafka topic that exists
 * @param format how predictions are written there; null for JSON
 * @param probabilities whether flat fields include a map of all labels' probabilities; null for no
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Sink(String topic, SinkFormat format, Boolean probabilities) {

  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static Sink of(
      @JsonProperty("topic") String topic,
      @JsonProperty("format") SinkFormat format,
      @JsonProperty("probabilities") Boolean probabilities) {
    return new Sink(topic, format, probabilities);
  }

  /** A topic for predictions as JSON. */
  public Sink(String topic) {
    this(topic, null, null);
  }

  /** How predictions are written there. */
  public SinkFormat formatOrJson() {
    return format == null ? SinkFormat.JSON : format;
  }

  /** Whether the fields include a map of probabilities. */
  public boolean withProbabilities() {
    return Boolean.TRUE.equals(probabilities);
  }

  /** e.g. {@code loans.predictions} or {@code loans.predictions (avro, with probabilities)}. */
  @Override
  public String toString() {
    if (format == null) {
      return topic;
    }
    return "%s (%s%s)"
        .formatted(topic, format.word(), withProbabilities() ? ", with probabilities" : "");
  }
}
