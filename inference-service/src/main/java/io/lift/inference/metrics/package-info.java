/** The service's meters, by what they measure: models, requests for predictions, generated rows. */
package io.lift.inference.metrics;
