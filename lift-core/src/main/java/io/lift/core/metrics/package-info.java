/** How good answers are: metrics that rows enter and leave, checked against scikit-learn. */
package io.lift.core.metrics;
