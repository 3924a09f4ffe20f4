/** The trainer as a whole: its parts, and the one thread that trains. */
package io.lift.trainer.training;
