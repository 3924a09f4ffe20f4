/** Writes predictions to the topics of their tasks, in the format that a task asks for. */
package io.lift.formats.sink;
