/** Throughput and latency of the serializer and the inference service beside a plain Kafka loop. */
package io.lift.bench.load;
