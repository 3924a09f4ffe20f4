/**
 * Kafka plumbing that the services and the command share: clients, transactional loops, compacted
 * tables, topics and access rights, checkpoint files in chunks.
 */
package io.lift.kafka;
