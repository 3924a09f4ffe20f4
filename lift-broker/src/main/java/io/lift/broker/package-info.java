/** A real Apache Kafka broker (KRaft) in a JVM of its own, for the embedded stack and for tests. */
package io.lift.broker;
