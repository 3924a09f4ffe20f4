/**
 * {@code lift produce}, {@code lift predict} and {@code lift generate}: rows of a file or of images
 * to Kafka, answers and generated rows back.
 */
package io.lift.cli.rows;
