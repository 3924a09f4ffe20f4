/** Settings of the service, the replica's names on Kafka, and how the process ends. */
package io.lift.inference.config;
