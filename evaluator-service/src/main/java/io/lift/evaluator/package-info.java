/** The service that scores predictions and serves the live page: what starts it and its health. */
package io.lift.evaluator;
