/** {@code lift task}, and the options that describe a task. */
package io.lift.cli.task;
