/** A task: its columns with frozen statistics, its sentence, and its policies. */
package io.lift.core.task;
