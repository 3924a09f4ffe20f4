/**
 * Classifiers that learn each labelled row in microseconds. They answer from all rows before a row,
 * also where the in-context model has no time to read the newest ones.
 */
package io.lift.model.online;
