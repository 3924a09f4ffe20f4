package io.lift.messages;

import java.util.Map;

/**
 * One topic of the system, described once: creation, producers and consumers all read it here.
 *
 * @param <V> type of the value
 * @param name full name
 * @param valueType class of the value ({@code byte[]} for raw bytes, else a JSON record)
 * @param partitions default number of partitions
 * @param configs topic configuration at creation
 */
public record Topic<V>(
    String name, Class<V> valueType, int partitions, Map<String, String> configs) {}
