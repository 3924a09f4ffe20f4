/** Says what each column of a row contributes to its answer. */
package io.lift.inference.explanations;
