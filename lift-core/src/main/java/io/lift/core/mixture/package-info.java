/** Answers of several predictors as one: their weights, learned from labels, and their mixture. */
package io.lift.core.mixture;
