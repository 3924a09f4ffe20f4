/** From predictions and labels to metrics, on Kafka Streams. */
package io.lift.evaluator.scoring;
