/**
 * {@code lift demo}: a stream of loan applications whose decision rule drifts, scored test-then-
 * train.
 */
package io.lift.cli.demo;
