package io.lift.cli.stack;

import io.lift.cli.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a stack is made of.
 *
 * @param directory where its files go
 * @param kafka an existing Kafka, or empty for an embedded broker
 * @param trainers how many trainer processes
 * @param background whether it goes on when this process ends
 */
public record StackOptions(
    Path directory, Optional<KafkaSettings> kafka, int trainers, boolean background) {}
