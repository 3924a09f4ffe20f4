/** How much each column of a row contributes to its answer. */
package io.lift.core.explanation;
