/**
 * {@code lift eval}: trains on one part of a table and tests on the other, through Kafka and the
 * services.
 */
package io.lift.cli.eval;
