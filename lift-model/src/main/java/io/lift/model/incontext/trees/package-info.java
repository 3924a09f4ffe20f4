/**
 * Small ensembles of decision trees that predict each labelled row of a table without having seen
 * its answer: a bagged forest and gradient boosting.
 */
package io.lift.model.incontext.trees;
