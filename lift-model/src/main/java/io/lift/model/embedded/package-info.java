/**
 * The small model that ships with Lift and that each task trains whole: how it was made, and where
 * the tokens of a task start.
 */
package io.lift.model.embedded;
