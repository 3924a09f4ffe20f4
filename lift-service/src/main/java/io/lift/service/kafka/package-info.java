/** How a service reaches Kafka, and what its topics are called. */
package io.lift.service.kafka;
