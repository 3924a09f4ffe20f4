package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * Where a task's predictions also go, besides {@code lift.predictions}: in the same transaction,
 * with the same key, value and headers.
 *
 * @param topic name of a Kafka topic that exists
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Sink(String topic) {}
