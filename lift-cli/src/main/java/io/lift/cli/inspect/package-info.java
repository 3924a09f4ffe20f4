/** Commands that show what Kafka holds: topics, lineages and dead letters. */
package io.lift.cli.inspect;
