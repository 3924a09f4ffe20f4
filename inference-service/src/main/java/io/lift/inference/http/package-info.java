/** The synchronous endpoints: predictions, generated rows, and the models in memory. */
package io.lift.inference.http;
