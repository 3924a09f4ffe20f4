/** What a task is: its columns with their frozen statistics, its sentence and its policies. */
package io.lift.core.task;
